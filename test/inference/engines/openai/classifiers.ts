import { onTestFinished } from 'vitest';
import {
  type ChatClassifierOptions,
  type ChatServerSpec,
  type Classifier,
  createChatClassifier,
} from '../../../../src/inference/index.ts';
import { type ChatOptions, ChatServer } from '../../../support/openai/server.ts';

/** A double, closed when the test is over. */
export async function chatServer(options: ChatOptions = {}): Promise<ChatServer> {
  const server = await ChatServer.start(options);
  onTestFinished(() => server.close());
  return server;
}

/** A classifier that asks it, closed when the test is over. */
export async function chatClassifier(
  server: Pick<ChatServer, 'url'>,
  spec: Partial<ChatServerSpec> = {},
  options: Partial<ChatClassifierOptions> = {},
): Promise<Classifier> {
  const classifier = await createChatClassifier({
    server: { url: server.url, model: null, remote: false, readyMs: 10_000, ...spec },
    cache: { entries: 0 },
    ...options,
  });
  onTestFinished(() => classifier.close());
  return classifier;
}

export const within = (ms: number) => ({ deadline: performance.now() + ms });
