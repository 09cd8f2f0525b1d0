import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { dataFolder, expandHome, type ProfileSettings, type Surroundings } from '../config/index.ts';
import { Sv72Error } from '../errors/index.ts';
import type { ChatServerSpec } from '../inference/index.ts';

/** The inference server of a stage, with what a chat model is told where it is one. */
export type PlannedServer = ChatServerSpec;

/**
 * The server that a profile or stage names; null: none, its model runs here.
 *
 * @throws Sv72Error ERR_SERVER_URL, ERR_SERVER_BUDGET
 */
export function planServer(
  { engine, server }: Pick<ProfileSettings, 'engine' | 'server'>,
  at: Surroundings,
): PlannedServer | null {
  if (engine === 'onnx') return null;
  if (server.url === null) {
    throw new Sv72Error('ERR_SERVER_URL', `The engine ${engine} needs the address of an inference server.`);
  }
  const token = tokenOf(server, at);
  const budget = budgetOf({ engine, server }, server.url, at);
  return {
    url: server.url,
    model: server.model,
    remote: server.remote,
    readyMs: server.ready_s * 1_000,
    ...(token !== undefined && { token }),
    vendor: server.vendor,
    ...(server.prompt !== null && { prompt: server.prompt }),
    maxTokens: server.max_tokens,
    concurrency: server.concurrency,
    imageSide: server.image_side,
    ...(budget && { budget }),
  };
}

/** What may be spent on a chat model; a server of one's own costs nothing unless prices are named. */
function budgetOf(
  { engine, server }: Pick<ProfileSettings, 'engine' | 'server'>,
  url: string,
  at: Surroundings,
): ChatServerSpec['budget'] {
  if (engine !== 'openai') return undefined;
  const { budget_per_day: perDay, price_input: inputPrice, price_output: outputPrice, remote } = server;
  if (perDay === null && remote) {
    throw new Sv72Error(
      'ERR_SERVER_BUDGET',
      'The server of chat models is on another machine, and what it may cost in a day is not said.',
    );
  }
  const priced = inputPrice > 0 || outputPrice > 0;
  if (typeof perDay === 'number' && !priced) {
    throw new Sv72Error(
      'ERR_SERVER_BUDGET',
      'The server of chat models has a budget, but no prices to count it with.',
    );
  }
  if (!priced) return undefined;
  return {
    // A day's money is for all who use the server here.
    folder: join(dataFolder(at), 'spent', hash('sha256', url).slice(0, 16)),
    perDay: typeof perDay === 'number' ? perDay : null,
    inputPrice,
    outputPrice,
  };
}

function tokenOf({ token_env, token_file }: ProfileSettings['server'], at: Surroundings): string | undefined {
  if (token_env !== null) {
    const token = at.env[token_env];
    if (token !== undefined && token !== '') return token;
    throw new Sv72Error(
      'ERR_SERVER_URL',
      `The variable ${token_env}, which is to hold the server's token, is not set.`,
      { next: 'Export it, or set server.token_env of the profile to null.' },
    );
  }
  if (token_file === null) return undefined;
  const path = resolve(at.cwd, expandHome(token_file, at.home));
  try {
    const token = readFileSync(path, 'utf8').trim();
    if (token !== '') return token;
    throw new Error('it is empty');
  } catch (cause) {
    throw new Sv72Error(
      'ERR_SERVER_URL',
      `The file ${path}, which is to hold the server's token, cannot be read or is empty.`,
      {
        cause,
        details: { path },
        next: 'Make it readable, or set server.token_file of the profile to null.',
      },
    );
  }
}
