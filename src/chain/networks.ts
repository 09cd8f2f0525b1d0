import { NETWORKS, resolveNetwork } from '../config/index.ts';
import { Sv72Error } from '../errors/index.ts';
import type { ChainIdentity, Hex } from './types.ts';

/** Genesis of the public networks, by which a chain is known whatever its endpoint is called. */
const GENESIS: Readonly<Record<'finney' | 'test', Hex>> = {
  finney: '0x2f0555cc76fc2840a25a6ea3b9637146806f1f44b090c175ffde2a7e5ab36c03',
  test: '0x8f9cf856bf558a14440e75569c9e58594757048d7b3a84b5d25f6bd978263105',
};

/** Which genesis a network's name promises. devnet and local promise none: theirs change. */
const PROMISED: Readonly<Record<string, Hex>> = {
  finney: GENESIS.finney,
  archive: GENESIS.finney,
  test: GENESIS.test,
};

/** Further public endpoints of a network; each is held to the same genesis. */
const FALLBACKS: Readonly<Record<string, readonly string[]>> = {
  finney: ['wss://lite.chain.opentensor.ai:443', 'wss://lite.sub.latent.to:443'],
  archive: ['wss://archive.sub.latent.to:443'],
};

export interface Endpoints {
  readonly urls: readonly string[];
  /** Genesis that all must have; undefined: whatever the first has, and the others then too. */
  readonly genesis: Hex | undefined;
  readonly live: boolean;
}

/**
 * The endpoints of a network, the first one first.
 * @param fallbacks instead of the network's own further endpoints; an empty list switches fail-over off
 * @throws ERR_USAGE when the network is neither a name nor a ws(s) URL
 */
export function endpointsOf(network: string, fallbacks?: readonly string[]): Endpoints {
  const found = resolveNetwork(network);
  if (!found) {
    const names = Object.keys(NETWORKS).join(', ');
    throw new Sv72Error('ERR_USAGE', `There is no network ${network.slice(0, 80)}.`, {
      next: `Give ${names}, or a ws:// or wss:// URL.`,
    });
  }
  const further = fallbacks ?? FALLBACKS[found.name] ?? [];
  return {
    urls: [...new Set([found.endpoint, ...further])],
    genesis: PROMISED[found.name],
    live: found.live,
  };
}

/** The public network that a genesis belongs to. */
export function knownNetwork(genesis: Hex): ChainIdentity['known'] {
  if (genesis === GENESIS.finney) return 'finney';
  return genesis === GENESIS.test ? 'test' : undefined;
}
