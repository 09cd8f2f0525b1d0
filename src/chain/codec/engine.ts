import type { ApiPromise as Api } from '@polkadot/api';
import type { ApiOptions } from '@polkadot/api/types';
import { Sv72Error } from '../../errors/index.ts';
import type { Hex } from '../types.ts';
import { toHex } from './hex.ts';
import { ApiPromise } from './library.ts';

/** Version of a runtime, as state_getRuntimeVersion tells it. */
export interface RuntimeVersion {
  readonly specName: string;
  readonly spec: number;
  readonly transaction: number;
}

type Provider = NonNullable<ApiOptions['provider']>;

/**
 * Answers what the library asks when it starts, and nothing else. Requests to the node go through our own connection, which fails over
 * to other endpoints, checks their genesis and keeps to time limits; the library reads and writes the bytes.
 */
function stillProvider(genesis: Hex, version: RuntimeVersion): Provider {
  const answers = new Map<string, unknown>([
    ['chain_getBlockHash', genesis],
    [
      'state_getRuntimeVersion',
      {
        specName: version.specName,
        implName: version.specName,
        authoringVersion: 1,
        specVersion: version.spec,
        implVersion: 1,
        apis: [],
        transactionVersion: version.transaction,
        stateVersion: 1,
      },
    ],
    ['system_chain', version.specName],
    ['system_properties', { ss58Format: 42, tokenDecimals: 9, tokenSymbol: 'TAO' }],
    ['rpc_methods', { methods: [] }],
  ]);
  const provider: Provider = {
    hasSubscriptions: true,
    isClonable: false,
    isConnected: true,
    clone: () => provider,
    connect: async () => undefined,
    disconnect: async () => undefined,
    on: (type, listener) => {
      if (type === 'connected') queueMicrotask(() => listener());
      return () => undefined;
    },
    send: async (method) => {
      if (!answers.has(method)) throw new Error(`nothing is known of ${method}`);
      return answers.get(method) as never;
    },
    subscribe: async () => 0,
    unsubscribe: async () => true,
  };
  return provider;
}

/**
 * The library's view of one runtime: its types, calls, storage items and errors.
 * @throws ERR_CHAIN_METADATA when the metadata cannot be read
 */
export async function engineOf(metadata: Uint8Array, version: RuntimeVersion, genesis: Hex): Promise<Api> {
  const api = new ApiPromise({
    provider: stillProvider(genesis, version),
    metadata: { [`${genesis}-${version.spec}`]: toHex(metadata) },
    noInitWarn: true,
  });
  try {
    await new Promise<void>((resolve, reject) => {
      api.once('ready', () => resolve());
      api.once('error', reject);
    });
    await api.disconnect();
    return api;
  } catch (cause) {
    throw new Sv72Error('ERR_CHAIN_METADATA', 'The chain’s description of its runtime cannot be read.', {
      cause,
    });
  }
}
