import { expect, test } from 'vitest';
import { openChatSession } from '../../../../src/inference/engines/openai/session.ts';
import type { ChatServerSpec } from '../../../../src/inference/index.ts';
import type { ChatMode, ChatServer } from '../../../support/openai/server.ts';
import { plain } from '../../models.ts';
import { chatServer } from './classifiers.ts';

type Session = Awaited<ReturnType<typeof chatSession>>;

const jpeg = (level: number) => plain(level, { width: 64, height: 64, format: 'jpeg' });

/** What the engine process does, in this one. */
const chatSession = ({ url }: Pick<ChatServer, 'url'>, spec: Partial<ChatServerSpec> = {}) =>
  openChatSession({
    server: { url, model: null, remote: false, readyMs: 10_000, ...spec },
    pixels: 1_000_000,
  });

async function ask(session: Session, image: Uint8Array): Promise<number | string> {
  const { outcomes } = await session.run([{ bytes: image }], 3_000);
  const [outcome] = outcomes;
  return outcome?.ok ? outcome.probability : (outcome?.detail ?? 'nothing');
}

test('a base URL without a path, a token, and a model that is still loading', async () => {
  const server = await chatServer({ token: 'very-secret', loading: 1, models: ['a', 'b'] });
  const { origin } = new URL(server.url);
  const session = await chatSession({ url: `${origin}/` }, { token: 'very-secret', model: 'b' });
  expect(session.report.engine).toBe(`chat model at ${server.url}`);
  expect(await ask(session, await jpeg(204))).toBeCloseTo(0.8, 2);
  expect(server.heard.at(-1)?.fields.model).toBe('b');
  const refused = chatSession(server, { token: 'other-secret' });
  await expect(refused).rejects.toMatchObject({ code: 'ERR_SERVER_UNREACHABLE' });
  await expect(refused).rejects.not.toThrow(/secret/);
  await expect(chatSession(server, { token: 'very-secret', model: 'c' })).rejects.toMatchObject({
    code: 'ERR_SERVER_MODEL',
    message: `The inference server ${server.url} has no model "c": it has a, b.`,
  });
  await expect(chatSession(server, { token: 'very-secret' })).rejects.toThrow(
    /Which model of .* it has a, b/,
  );
});

test('a base URL with a path of its own', async () => {
  const server = await chatServer({ prefix: '/openai/v1' });
  const session = await chatSession(server);
  expect(await ask(session, await jpeg(204))).toBeCloseTo(0.8, 2);
  await expect(chatSession({ url: server.url.replace('/v1', '') })).rejects.toMatchObject({
    code: 'ERR_SERVER_MODEL',
  });
});

test.each([
  ['nobody there', 'http://127.0.0.1:9/v1', 'ERR_SERVER_UNREACHABLE'],
  ['no URL', 'localhost:8000', 'ERR_SERVER_URL'],
  ['a password in the URL', 'http://me:secret@127.0.0.1:8000', 'ERR_SERVER_URL'],
  ['another machine, unasked', 'https://api.example.org/v1', 'ERR_SERVER_CONSENT'],
])('%s', async (_, url, code) => {
  const starting = chatSession({ url }, { readyMs: 500 });
  await expect(starting).rejects.toMatchObject({ code });
  await expect(starting).rejects.not.toThrow(/secret/);
});

test('a model that takes no pictures is refused at the start, in the server’s words', async () => {
  const server = await chatServer({ blind: true });
  await expect(chatSession(server)).rejects.toMatchObject({
    code: 'ERR_SERVER_MODEL',
    message: expect.stringContaining('image input is not supported by this model'),
  });
});

test.each<[string, Parameters<typeof chatServer>[0], object]>([
  [
    'vLLM',
    { owner: 'vllm' },
    {
      max_completion_tokens: 1,
      logprobs: true,
      top_logprobs: 20,
      structured_outputs: { choice: ['Yes', 'No'] },
      chat_template_kwargs: { enable_thinking: false },
    },
  ],
  ['SGLang', { owner: 'sglang' }, { chat_template_kwargs: { enable_thinking: false } }],
  ['llama.cpp', { owner: 'llamacpp' }, { max_tokens: 1 }],
  [
    'an old vLLM',
    { owner: 'vllm', refuses: ['structured_outputs', 'max_completion_tokens'] },
    { max_tokens: 1, top_logprobs: 20 },
  ],
  ['one that lists five', { mostTopLogprobs: 5 }, { top_logprobs: 5 }],
])('%s gets the fields it takes', async (_, options, fields) => {
  const server = await chatServer(options);
  const session = await chatSession(server);
  expect(await ask(session, await jpeg(204))).toBeCloseTo(0.8, 2);
  expect(server.heard.at(-1)?.fields).toMatchObject(fields);
  expect(server.complaints).toEqual([]);
});

test('a server without log-probabilities: the word counts', async () => {
  const server = await chatServer({ refuses: ['logprobs'] });
  const session = await chatSession(server);
  expect(session.report.chat).toEqual({ model: 'vlm', by: 'word' });
  expect(await ask(session, await jpeg(204))).toBe(0.9);
  expect(await ask(session, await jpeg(51))).toBeCloseTo(0.1, 10);
});

test.each<[ChatMode, number]>([
  ['no-logprobs', 0.9],
  ['text', 0.9],
  ['busy-once', 0.8],
])('the server answers otherwise (%s), but it does answer', async (mode, p) => {
  const server = await chatServer();
  const session = await chatSession(server);
  server.mode = mode;
  expect(await ask(session, await jpeg(204))).toBeCloseTo(p, 2);
});
