import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseTao, type Rao, rao } from '../../../src/amount/index.ts';
import type { Preparation } from '../../../src/chain/register/prepare.ts';
import type { RegisterNews, RegisterRequest } from '../../../src/chain/register/request.ts';
import { type RegisterOptions, registerHotkeys } from '../../../src/chain/register/story.ts';
import { estimateFee } from '../../../src/chain/transactions/fee.ts';
import { outcomeOf } from '../../../src/chain/transactions/outcome.ts';
import { submit } from '../../../src/chain/transactions/submit.ts';
import type { Chain } from '../../../src/chain/types.ts';
import { type Keypair, keypairFromUri } from '../../../src/wallet/index.ts';
import {
  type Devchain,
  type DevchainOptions,
  FINNEY_GENESIS,
  startDevchain,
} from '../../support/devchain/index.ts';
import { connectedOnce } from '../connected.ts';

/** A chain of the tests with somebody who registers on it. */
export interface Stage {
  readonly devchain: Devchain;
  readonly chain: Chain;
  readonly folder: string;
  readonly alice: Keypair;
  /** Everything the story said. */
  readonly news: RegisterNews[];
  /** Bills that were shown. */
  readonly bills: Preparation[];
  request(
    more?: Partial<Omit<RegisterRequest, 'hotkeys'>> & { readonly hotkeys?: readonly string[] },
  ): RegisterRequest;
  register(
    request: RegisterRequest,
    more?: Partial<RegisterOptions> & { readonly at?: Rao },
  ): ReturnType<typeof registerHotkeys>;
  /** Calls of that name that came to the chain's pool. */
  sent(name: string): number;
  close(): Promise<void>;
}

export const tao = (text: string): Rao => parseTao(text) ?? rao(0n);
export const hotkey = (uri: string): string => keypairFromUri(uri).ss58;

export async function startStage(options: DevchainOptions = {}): Promise<Stage> {
  const of = { slotMs: 'instant', ...options } as const;
  const devchain = await startDevchain(of);
  const folder = mkdtempSync(join(tmpdir(), 'sv72-register-'));
  const chain = await connectedOnce(of, {
    network: devchain.endpoint,
    genesis: FINNEY_GENESIS,
    cacheDir: null,
    timeoutMs: 5_000,
  });
  const alice = keypairFromUri('//Alice');
  const news: RegisterNews[] = [];
  const bills: Preparation[] = [];
  return {
    devchain,
    chain,
    folder,
    alice,
    news,
    bills,
    request: ({ hotkeys = ['//Alice//new'], ...more } = {}) => ({
      netuid: 72,
      hotkeys: hotkeys.map((uri) => ({ ss58: hotkey(uri), name: uri })),
      signer: alice,
      real: undefined,
      way: 'burn',
      ...more,
    }),
    register: async (request, { at, ...more } = {}) =>
      await registerHotkeys({
        chain,
        request,
        folder,
        transactions: { submit, outcomeOf, estimateFee },
        agree: async (preparation) => {
          bills.push(preparation);
          return { ceiling: at ?? preparation.suggestedCeiling };
        },
        unlock: async () => alice,
        pow: { threads: 1, timeoutMs: 20_000 },
        onNews: (one) => news.push(one),
        signal: new AbortController().signal,
        now: Date.now,
        ...more,
      }),
    sent: (name) =>
      devchain.submitted.filter(
        ({ extrinsic }) => extrinsic?.call.name === name || hasInner(extrinsic?.call, name),
      ).length,
    async close() {
      await chain.close();
      await devchain.close();
      rmSync(folder, { recursive: true });
    },
  };
}

function hasInner(call: unknown, name: string): boolean {
  return JSON.stringify(call, (_key, value) => (typeof value === 'bigint' ? `${value}` : value)).includes(
    `"name":"${name}"`,
  );
}
