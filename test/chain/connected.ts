import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Chain, ConnectionNews, ConnectOptions } from '../../src/chain/index.ts';
import { connectChain } from '../../src/chain/index.ts';
import { Sv72Error } from '../../src/errors/index.ts';
import {
  type Devchain,
  type DevchainOptions,
  FINNEY_GENESIS,
  startDevchain,
} from '../support/devchain/index.ts';

/** A test chain with sv72 connected to it. */
export interface Connected {
  readonly dev: Devchain;
  readonly chain: Chain;
  /** What was told of the connection, oldest first. */
  readonly news: readonly ConnectionNews[];
  close(): Promise<void>;
}

/** The first connection of the test file to each kind of chain: the others take its decoded metadata, which takes the longest. */
const firsts = new Map<string, Chain>();

/** Connects, reading metadata only where no connection to such a chain has. @param options that the chain was started with */
export async function connectedOnce(
  { variant, scenario, slotMs, slotDurationMs }: DevchainOptions,
  options: ConnectOptions,
): Promise<Chain> {
  const key = JSON.stringify([variant, scenario, slotMs, slotDurationMs]);
  const first = options.genesis === FINNEY_GENESIS ? firsts.get(key) : undefined;
  const chain = await connectChain({ ...(first && { sameAs: first }), ...options });
  if (chain.identity.genesisHash === FINNEY_GENESIS && !firsts.has(key)) firsts.set(key, chain);
  return chain;
}

/** Blocks of a tenth of a second by the constants, so that nothing waits for long; they come from `mine()` unless asked otherwise. */
export async function connected(
  devchain: DevchainOptions = {},
  options: Partial<ConnectOptions> = {},
): Promise<Connected> {
  const of = { slotDurationMs: 100, ...devchain };
  const dev = await startDevchain(of);
  const news: ConnectionNews[] = [];
  const chain = await connectedOnce(of, {
    network: dev.endpoint,
    fallbacks: dev.endpoints.slice(1).map(({ url }) => url),
    genesis: FINNEY_GENESIS,
    cacheDir: null,
    timeoutMs: 5_000,
    onNews: (one) => news.push(one),
    ...options,
  });
  return {
    dev,
    chain,
    news,
    close: async () => {
      await chain.close();
      await dev.close();
    },
  };
}

/** The error of ours that something is refused with. */
export async function refused(work: Promise<unknown>): Promise<Sv72Error> {
  const error = await work.then(
    () => new Error('it was not refused'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof Sv72Error) return error;
  throw error;
}

/** A folder that is gone after the test. */
export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'sv72-chain-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
