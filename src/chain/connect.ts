import { join } from 'node:path';
import { rememberedGenesis, rememberGenesis } from './cache/genesis.ts';
import { LiveChain } from './live-chain.ts';
import { endpointsOf, knownNetwork } from './networks.ts';
import { asOurs, unknownForm } from './node/answers.ts';
import { Runtimes } from './node/runtimes.ts';
import { State } from './node/state.ts';
import { Connection } from './rpc/connection.ts';
import type { Chain, ConnectOptions } from './types.ts';

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_ERA_BLOCKS = 64;

/**
 * Connects to a network: tries its endpoints in turn, checks the genesis, reads the runtime's metadata (from the cache when the
 * runtime's code is the same and the chain is not on this machine).
 * @throws ERR_CHAIN_UNREACHABLE, ERR_CHAIN_TIMEOUT, ERR_CHAIN_GENESIS, ERR_CHAIN_METADATA, ERR_CHAIN_RATE_LIMITED, ERR_USAGE
 */
export async function connectChain(options: ConnectOptions): Promise<Chain> {
  const { network, onNews, signal, cacheDir = null, now = Date.now } = options;
  const { urls, genesis: promised, live } = endpointsOf(network, options.fallbacks);
  // A remote address is held to the chain that it had at first; a local one is another chain after every restart.
  const remembered = live && promised === undefined ? await rememberedGenesis(cacheDir, urls[0]) : undefined;
  const same = options.sameAs instanceof LiveChain ? options.sameAs : undefined;
  const genesis = options.genesis ?? same?.identity.genesisHash ?? promised ?? remembered;
  const connection = new Connection({
    endpoints: urls,
    genesis,
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    onNews,
    signal,
  });
  try {
    await connection.connect();
    const genesisHash = connection.genesis;
    if (genesisHash === undefined) throw unknownForm('its genesis');
    if (live && genesis === undefined) await rememberGenesis(cacheDir, urls[0], genesisHash);
    // What is near is read quickly, and chains under development change what they say about themselves at will.
    const folder = cacheDir === null || !live ? null : join(cacheDir, 'metadata');
    const runtimes = new Runtimes({ connection, folder, genesis: genesisHash, shared: same?.runtimes });
    const runtime = await runtimes.at();
    const identity = {
      network,
      known: knownNetwork(genesisHash),
      genesisHash,
      specName: runtime.version.specName,
      live,
    };
    const state = new State(connection, runtime, undefined);
    const eraBlocks = options.eraBlocks ?? DEFAULT_ERA_BLOCKS;
    const chain = new LiveChain({ connection, runtimes, identity, cacheDir, now, onNews, eraBlocks }, state);
    // A node that cannot tell of upgrades is as good otherwise: every signature asks for the version anyway.
    await chain.follow().catch(() => undefined);
    return chain;
  } catch (error) {
    await connection.close();
    throw asOurs(error, 'its genesis');
  }
}
