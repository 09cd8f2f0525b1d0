import { ApiPromise, Keyring, type SubmittableResult, WsProvider } from '@polkadot/api';
import type { ApiOptions, SubmittableExtrinsic } from '@polkadot/api/types';
import { type Devchain, type DevchainOptions, startDevchain } from '../support/devchain/index.ts';

export type Pair = ReturnType<Keyring['addFromUri']>;

/** The devchain with the public client library connected to it: the judge of what the chain says. */
export interface Connected {
  readonly dev: Devchain;
  readonly api: ApiPromise;
  readonly alice: Pair;
  readonly bob: Pair;
  /** Any JSON-RPC call, past the library's own checks. */
  raw(method: string, ...params: unknown[]): Promise<unknown>;
  close(): Promise<void>;
}

export async function connect(options: DevchainOptions = {}): Promise<Connected> {
  const dev = await startDevchain(options);
  // No cache: a question asked twice goes out twice.
  const provider = new WsProvider(dev.endpoint, false, {}, undefined, 0);
  await provider.connect();
  const api = await ApiPromise.create({ provider, noInitWarn: true } as ApiOptions);
  // Once this is answered, so is what the library asks by itself after connecting.
  await provider.send('system_health', []);
  const keyring = new Keyring({ type: 'sr25519' });
  const [alice, bob] = [keyring.addFromUri('//Alice'), keyring.addFromUri('//Bob')];
  fund(dev, alice, 10n ** 12n);
  return {
    dev,
    api,
    alice,
    bob,
    raw: (method, ...params) => provider.send(method, params),
    close: async () => {
      await api.disconnect();
      await dev.close();
    },
  };
}

export function fund(dev: Devchain, pair: Pair, free: bigint): void {
  dev.world.accounts.set(hex(pair.publicKey), { free, reserved: 0n, nonce: 0 });
}

export function hex(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString('hex')}`;
}

/** Statuses in the order they came, and a promise of the one that is waited for. */
export function watch(send: (callback: (result: SubmittableResult) => void) => Promise<() => void>) {
  const seen: string[] = [];
  const results: SubmittableResult[] = [];
  const waiters: (() => void)[] = [];
  const sent = send((result) => {
    seen.push(result.status.type);
    results.push(result);
    for (const waiter of waiters) waiter();
  });
  return {
    sent,
    seen,
    /** The nth result with this status. */
    until: (status: string, nth = 1): Promise<SubmittableResult> =>
      new Promise((resolve) => {
        const look = () => {
          const found = results.filter((result) => result.status.type === status)[nth - 1];
          if (found !== undefined) resolve(found);
        };
        waiters.push(look);
        look();
      }),
  };
}

export type Tx = SubmittableExtrinsic<'promise'>;

/** A call by the library's names. */
export function call({ api }: Pick<Connected, 'api'>, pallet: string, name: string, ...args: unknown[]): Tx {
  const make = api.tx[pallet]?.[name];
  if (make === undefined) throw new Error(`no call ${pallet}.${name}`);
  return make(...args);
}

export const remark = (chain: Pick<Connected, 'api'>, bytes = '0x7372373220646576636861696e'): Tx =>
  call(chain, 'system', 'remarkWithEvent', bytes);

/** Signs with every part in the test's hand; what is not given is right. */
export function signed(
  { api }: Pick<Connected, 'api'>,
  tx: Tx,
  pair: Pair,
  options: {
    readonly nonce?: number;
    readonly tip?: bigint;
    readonly genesisHash?: string;
    readonly specVersion?: number;
    readonly transactionVersion?: number;
    /** Period with the block it starts at; default immortal. */
    readonly era?: { readonly period: number; readonly current: number; readonly hash: string };
    readonly metadataHash?: boolean;
  } = {},
): Tx {
  const { era } = options;
  const version = api.runtimeVersion;
  tx.sign(pair, {
    nonce: options.nonce ?? 0,
    tip: options.tip ?? 0n,
    genesisHash: options.genesisHash ?? api.genesisHash,
    blockHash: era?.hash ?? options.genesisHash ?? api.genesisHash,
    era: api.createType('ExtrinsicEra', era && { current: era.current, period: era.period }),
    runtimeVersion: {
      specVersion: api.createType('u32', options.specVersion ?? version.specVersion),
      transactionVersion: api.createType('u32', options.transactionVersion ?? version.transactionVersion),
    } as ApiPromise['runtimeVersion'],
    signedExtensions: api.registry.signedExtensions,
    ...(options.metadataHash ? { mode: 1, metadataHash: `0x${'11'.repeat(32)}` } : {}),
  });
  return tx;
}

/** The error that a submission ends with, as the client library words it. */
export async function refusal({ raw }: Pick<Connected, 'raw'>, tx: Tx | string): Promise<string> {
  const bytes = typeof tx === 'string' ? tx : tx.toHex();
  return await raw('author_submitExtrinsic', bytes).then(
    (hash) => `taken: ${String(hash)}`,
    (error: Error) => error.message,
  );
}
