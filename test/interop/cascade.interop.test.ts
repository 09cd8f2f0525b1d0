import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MinerEvent } from '../../src/miner/index.ts';
import type { ResultOf } from '../../src/results/index.ts';
import { challengeImage, createRandom, drawScene } from '../../src/simulate/index.ts';
import { ask, type Box, box, metric, type Serving, serve, until } from '../e2e/box.ts';
import { expectSchema } from '../support/schema.ts';
import { freePort } from './support/ports.ts';
import { type PythonEnvironment, pythonEnvironment } from './support/venvs.ts';

/** Latest answer, ms. */
const WITHIN_MS = 2_000;

let python: PythonEnvironment;
let folder: string;
let port: number;
let chat: ChildProcess;

async function startChat(): Promise<void> {
  chat = spawn(python.python, [python.peer('llama_server.py'), folder, String(port)], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { PATH: process.env.PATH ?? '', HOME: folder },
  });
  if (chat.stdout !== null) await once(chat.stdout, 'data');
}

async function killChat(): Promise<void> {
  chat.kill('SIGKILL');
  await once(chat, 'exit');
}

beforeAll(async () => {
  python = await pythonEnvironment('llama-cpp');
  folder = mkdtempSync(join(tmpdir(), 'sv72-cascade-'));
  await execa(python.python, [python.peer('vision_chat_model.py'), folder]);
  port = await freePort();
  await startChat();
});

afterAll(() => {
  chat.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** The demonstration model, its mirror image, and a real chat model. */
async function configure({ sandbox }: Box, cascade: string | null): Promise<void> {
  const url = `http://127.0.0.1:${port}/v1`;
  const stages = [
    { name: 'small', bundle: 'demo', tta: 'flip' },
    { name: 'vlm', engine: 'openai', server: { url }, cost_per_1000: 0.4 },
  ];
  const accuracy = { answer_within_s: WITHIN_MS / 1_000, threads: 1, device: 'cpu', stages, cascade };
  await mkdir(join(sandbox.home, '.config', 'sv72'), { recursive: true });
  await writeFile(
    join(sandbox.home, '.config', 'sv72', 'sv72.yaml'),
    JSON.stringify({ profile: 'accuracy', profiles: { accuracy } }),
  );
}

let seed = 7_000_000;

/** A picture that was not asked before. */
async function picture(): Promise<Uint8Array> {
  seed += 1;
  const { image, maskPoints } = await drawScene(seed, { width: 320 });
  return (await challengeImage({ image, maskPoints, generation: 2, rng: createRandom(seed, 'cascade') }))
    .jpeg;
}

/** All are answered in time, and by a model. */
async function askAll(
  given: Box,
  serving: Serving,
  count: number,
  meanwhile = async () => {},
): Promise<void> {
  const images = await Promise.all(Array.from({ length: count }, picture));
  const asked = images.map((image) => ask(given, serving, image));
  await meanwhile();
  for (const { prediction } of await Promise.all(asked)) expect(prediction).not.toBeNull();
  for (let i = 0; i < count; i += 1) {
    const { source, times } = await serving.next('challenge');
    expect(source).toBe('model');
    expect(times.totalMs).toBeLessThan(WITHIN_MS);
  }
}

/** What the miner said of its models since the last look. */
function notesOf({ child }: Serving): () => string[] {
  let text = '';
  child.stdout.on('data', (piece: Buffer) => {
    text += piece;
  });
  return () => {
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    const events = lines.map((line): MinerEvent => JSON.parse(line));
    return events.flatMap((event) => (event.event === 'note' ? [event.message] : []));
  };
}

const STAGE = 'sv72_cascade_stage_up{profile="accuracy",stage="vlm"}';

/** Shows pictures until the chat model's stage is in use, or is not. */
async function untilStage(given: Box, serving: Serving, up: 0 | 1): Promise<void> {
  await until(
    async () => {
      await askAll(given, serving, 1);
      return await metric(serving, STAGE);
    },
    (value) => value === up,
  );
}

test('a real chat model as second stage: fitted, evaluated, served, and asked about clips', async () => {
  const given = await box();
  const { sandbox } = given;
  await configure(given, null);
  const drawn = ['data', 'draw', 'drawn', '--count', '72', '--width', '240'];
  expect((await sandbox.run([...drawn, '--validation', '0.5', '--test', '0.4'])).exit).toBe(0);
  const fit = await sandbox.json(['cascade', 'fit', '--data', 'drawn', '--pictures', '24']);
  expectSchema('cascade fit', fit.json);
  const { path, cascade, stages } = fit.json as ResultOf<'cascade fit'>;
  expect(stages.map(({ name }) => name)).toEqual(['small', 'small+flip', 'vlm']);
  expect(cascade.stages[2]?.model).toMatchObject({ name: 'tiny', version: '-' });
  expect(cascade.stages[2]?.latencyMs.p50).toBeGreaterThan(0);

  await configure(given, path);
  expect((await sandbox.run(['cascade', 'show'])).stdout).toContain('vlm: tiny (');
  const judged = await sandbox.json([
    'evaluate',
    '--profile',
    'accuracy',
    '--data',
    'drawn',
    '--pictures',
    '8',
  ]);
  expectSchema('evaluate', judged.json);
  expect(judged.json).toMatchObject({ cascade: path, stages: [{ asked: 1 }, {}, { name: 'vlm' }] });

  const serving = await serve({ ...given, bundle: 'demo' });
  await askAll(given, serving, 3);
  serving.child.kill('SIGTERM');
  expect((await serving.exit).exit).toBe(0);

  if (spawnSync('ffmpeg', ['-version']).status !== 0) return;
  const clip = join(sandbox.home, 'clip.mp4');
  await execa('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=d=2:s=160x120:r=4', clip]);
  const clips = await sandbox.json(['video', clip]);
  expectSchema('video', clips.json);
  const [answer] = (clips.json as ResultOf<'video'>).clips;
  expect(answer?.frames.every((p) => p !== null)).toBe(true);
});

/** A server that has the model and answers every question with a page. */
async function startNonsense(): Promise<() => Promise<void>> {
  const server = createServer((request, response) => {
    request.resume();
    const models = { data: [{ id: 'tiny', owned_by: 'llamacpp' }] };
    response.end(request.method === 'GET' ? JSON.stringify(models) : '<html>Bad gateway</html>');
  }).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return async () => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
}

test('killed, stopped, replaced by nonsense: each picture is answered in time, one line each when lost and when back', async () => {
  const given = await box();
  await configure(given, null);
  const serving = await serve({ ...given, bundle: 'demo' });
  const notes = notesOf(serving);
  await askAll(given, serving, 2);
  if (process.platform === 'linux')
    expect(readFileSync(`/proc/${serving.child.pid}/maps`, 'utf8')).not.toContain('libvips');

  const lostAndBack = async (lose: () => Promise<void>, mend: () => Promise<void>) => {
    notes();
    await askAll(given, serving, 6, lose);
    await untilStage(given, serving, 0);
    await mend();
    await untilStage(given, serving, 1);
    const said: string[] = [];
    await until(
      async () => said.push(...notes()),
      (count) => count >= 2,
    );
    expect(said).toEqual([
      expect.stringMatching(
        /the stage vlm does not answer \(.+\); the other.* answer without it until it is back\.$/i,
      ),
      expect.stringMatching(/the stage vlm answers again\.$/i),
    ]);
  };

  await lostAndBack(killChat, startChat);
  await lostAndBack(
    async () => void chat.kill('SIGSTOP'),
    async () => void chat.kill('SIGCONT'),
  );
  let stopNonsense = async () => {};
  await lostAndBack(
    async () => {
      await killChat();
      stopNonsense = await startNonsense();
    },
    async () => {
      await stopNonsense();
      await startChat();
    },
  );
});
