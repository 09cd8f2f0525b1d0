import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type ChatClassifierOptions, createChatClassifier } from '../../src/inference/index.ts';
import { challengeImage, createRandom, drawScene } from '../../src/simulate/index.ts';
import { freePort } from './support/ports.ts';
import { type PythonEnvironment, pythonEnvironment } from './support/venvs.ts';

let python: PythonEnvironment;
let folder: string;
let server: ChildProcess;
let port: number;

async function start(at: number, ...words: string[]): Promise<ChildProcess> {
  const child = spawn(python.python, [python.peer('llama_server.py'), folder, String(at), ...words], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { PATH: process.env.PATH ?? '', HOME: folder },
  });
  await once(child.stdout, 'data');
  return child;
}

beforeAll(async () => {
  python = await pythonEnvironment('llama-cpp');
  folder = mkdtempSync(join(tmpdir(), 'sv72-chat-'));
  await execa(python.python, [python.peer('vision_chat_model.py'), folder]);
  port = await freePort();
  server = await start(port);
});

afterAll(() => {
  server.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

async function classifierAt(options: Partial<ChatClassifierOptions> = {}) {
  const classifier = await createChatClassifier({
    cache: { entries: 0 },
    server: { url: `http://127.0.0.1:${port}/v1`, model: null, remote: false },
    ...options,
  });
  onTestFinished(() => classifier.close());
  return classifier;
}

async function pictures(count: number): Promise<Uint8Array[]> {
  const made: Uint8Array[] = [];
  for (let seed = 0; seed < count; seed += 1) {
    const { image, maskPoints } = await drawScene(6_000_000 + seed, { width: 400 });
    made.push(
      (await challengeImage({ image, maskPoints, generation: 2, rng: createRandom(seed, 'chat') })).jpeg,
    );
  }
  return made;
}

interface Completion {
  readonly choices: readonly {
    readonly logprobs: {
      readonly content: readonly { readonly top_logprobs: readonly { token: string; logprob: number }[] }[];
    };
  }[];
}

/** The same question by hand. */
async function byHand(jpeg: Uint8Array, prompt: string): Promise<number> {
  const url = `data:image/jpeg;base64,${Buffer.from(jpeg).toString('base64')}`;
  const content = [
    { type: 'image_url', image_url: { url } },
    { type: 'text', text: prompt },
  ];
  const response = await fetch(`http://127.0.0.1:${port}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      messages: [{ role: 'user', content }],
      max_tokens: 1,
      temperature: 0,
      logprobs: true,
      top_logprobs: 20,
    }),
  });
  const answer: Completion = JSON.parse(await response.text());
  const sum = { yes: 0, no: 0 };
  for (const { token, logprob } of answer.choices[0]?.logprobs.content[0]?.top_logprobs ?? []) {
    const word = token.trim().toLowerCase();
    if (word === 'yes' || word === 'no') sum[word as 'yes' | 'no'] += Math.exp(logprob);
  }
  return sum.yes / (sum.yes + sum.no);
}

test('llama.cpp: the probability of Yes is that of its log-probabilities, and depends on the picture', async () => {
  const prompt = 'Roadwork? Yes or No.';
  const classifier = await classifierAt({
    server: { url: `http://127.0.0.1:${port}`, model: 'tiny', remote: false, prompt },
  });
  expect(classifier.info).toMatchObject({
    bundle: { name: 'tiny' },
    engine: expect.stringMatching(/^llama\.cpp at /),
    variant: { why: 'the log-probabilities of Yes and No' },
  });
  const images = await pictures(12);
  const deadline = performance.now() + 60_000;
  const answers = await Promise.all(
    images.map((image) => classifier.predict(Uint8Array.from(image), { deadline })),
  );
  for (const [i, answer] of answers.entries()) {
    expect(answer.source).toBe('model');
    expect(answer.probability).toBeCloseTo(await byHand(images[i] as Uint8Array, prompt), 2);
  }
  const probabilities = answers.map(({ probability }) => probability);
  expect(Math.max(...probabilities) - Math.min(...probabilities)).toBeGreaterThan(0.05);
  await expect
    .poll(() => classifier.stats().servers)
    .toMatchObject([{ up: true, breaker: 'closed', asked: 13, failed: 0 }]);
});

test('a model that is not there, one that sees no pictures, a key', async () => {
  const other = classifierAt({ server: { url: `http://127.0.0.1:${port}`, model: 'other', remote: false } });
  await expect(other).rejects.toMatchObject({
    code: 'ERR_SERVER_MODEL',
    message: expect.stringContaining('tiny'),
  });

  const at = await freePort();
  const blind = await start(at, 'blind', 'a-key');
  onTestFinished(() => void blind.kill('SIGKILL'));
  const spec = { url: `http://127.0.0.1:${at}/v1`, model: null, remote: false };
  await expect(classifierAt({ server: { ...spec, token: 'a-key' } })).rejects.toMatchObject({
    code: 'ERR_SERVER_MODEL',
    message: expect.stringMatching(/image input is not supported/),
  });
  const refused = classifierAt({ server: { ...spec, token: 'wrong-key' } });
  await expect(refused).rejects.toMatchObject({ code: expect.stringMatching(/^ERR_SERVER_/) });
  await expect(refused).rejects.not.toThrow(/wrong-key/);
});

test('killed in between: the prior in time; started again: answers, without a restart here', async () => {
  const classifier = await classifierAt({ prior: 0.25 });
  const [image = new Uint8Array()] = await pictures(1);
  const ask = () => classifier.predict(Uint8Array.from(image), { deadline: performance.now() + 2_000 });
  expect((await ask()).source).toBe('model');
  server.kill('SIGKILL');
  await once(server, 'exit');
  expect(await ask()).toMatchObject({ source: 'prior', probability: 0.25 });
  await expect.poll(() => classifier.stats().servers).toMatchObject([{ up: false }]);
  server = await start(port);
  await expect.poll(async () => (await ask()).source, { timeout: 60_000, interval: 300 }).toBe('model');
  expect(classifier.stats().restarts).toBe(0);
});
