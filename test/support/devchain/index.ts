import { cryptoWaitReady } from '@polkadot/util-crypto';
import { Chain, type Submission } from './chain/chain.ts';
import type { Spelling } from './chain/validity.ts';
import { runtimeImage, VARIANTS, type Variant } from './metadata/images.ts';
import type { Hex } from './model.ts';
import { authorMethods } from './rpc/author-methods.ts';
import { chainMethods } from './rpc/chain-methods.ts';
import { devMethods } from './rpc/dev-methods.ts';
import type { Misbehaviour } from './rpc/misbehaviour.ts';
import { type Endpoint, listen } from './rpc/server.ts';
import type { Methods } from './rpc/session.ts';
import { stateMethods } from './rpc/state-methods.ts';
import { systemMethods } from './rpc/system-methods.ts';
import { createWorld, pastOf, runtime, type World } from './runtime.ts';

export const FINNEY_GENESIS = '0x2f0555cc76fc2840a25a6ea3b9637146806f1f44b090c175ffde2a7e5ab36c03';

/** `manual`: blocks come from `mine()`; `instant`: one with each submission; a number: one every so many ms. */
type Slots = 'manual' | 'instant' | number;

export interface DevchainOptions {
  readonly slotMs?: Slots;
  readonly scenario?: string;
  readonly variant?: Variant;
  /** What the runtime says a slot takes (Aura.SlotDuration), ms; default the variant's own. */
  readonly slotDurationMs?: number;
  /** Blocks between the best and the finalized one; default 0 with instant blocks, else 1. */
  readonly finalityLag?: number;
  /** How refusals of the pool are worded. */
  readonly spelling?: Spelling;
  readonly genesisHash?: Hex;
  readonly host?: string;
  readonly port?: number;
  /** How many addresses lead to the chain; default 1. */
  readonly endpoints?: number;
  readonly now?: () => number;
  /** Whether the chain knows its past as an archive does, where its scenario has one (default); false: it forgets as a node does. */
  readonly history?: boolean;
}

export interface Devchain {
  /** Address of the first endpoint. */
  readonly endpoint: string;
  readonly endpoints: readonly Endpoint[];
  /** The living world: changes are seen at the best block at once. */
  readonly world: World;
  readonly chain: Chain<World>;
  /** Misbehaviour of the first endpoint. */
  readonly misbehave: Misbehaviour;
  /** All extrinsics that reached the chain, decoded. */
  readonly submitted: readonly Submission[];
  /** Makes blocks; returns the best one's number. */
  mine(count?: number): number;
  reorg(depth: number, options?: { readonly lose?: boolean }): number;
  /** Another runtime from the next block on, which is made at once. */
  runtimeUpgrade(variant: Variant): number;
  addEndpoint(port?: number): Promise<Endpoint>;
  close(): Promise<void>;
}

/** A chain of one process: real metadata and checks, a modelled subtensor, no network but the loopback. */
export async function startDevchain(options: DevchainOptions = {}): Promise<Devchain> {
  const now = options.now ?? Date.now;
  const slots = options.slotMs ?? 'manual';
  const scenario = options.scenario ?? 'default';
  const [, world] = await Promise.all([cryptoWaitReady(), createWorld(scenario, now())]);
  const chain = new Chain<World>({
    world,
    runtime,
    image: runtimeImage(options.variant ?? 'spec424', options.slotDurationMs),
    genesisHash: options.genesisHash ?? FINNEY_GENESIS,
    finalityLag: options.finalityLag ?? (slots === 'instant' ? 0 : 1),
    now: slots === 'manual' ? undefined : now,
    past: options.history === false ? undefined : pastOf(scenario, world.blockNumber, world.timestamp),
  });
  const endpoints: Endpoint[] = [];
  const methods = allMethods(options);
  const addEndpoint = async (port = 0) => {
    const endpoint = await listen<World>({
      chain,
      methods,
      host: options.host ?? '127.0.0.1',
      port,
      spelling: options.spelling ?? 'node',
      // Not within the call: a node answers first.
      afterSubmission: () => slots === 'instant' && setImmediate(() => chain.mine()),
    });
    endpoints.push(endpoint);
    return endpoint;
  };
  const first = await addEndpoint(options.port ?? 0);
  for (let more = 1; more < (options.endpoints ?? 1); more++) await addEndpoint();
  const timer = typeof slots === 'number' ? setInterval(() => chain.mine(), slots) : undefined;
  return {
    endpoint: first.url,
    endpoints,
    world: chain.world,
    chain,
    misbehave: first.misbehave,
    submitted: chain.submissions,
    mine: (count = 1) => chain.mine(count).header.number,
    reorg: (depth, how) => chain.reorg(depth, how).header.number,
    runtimeUpgrade: (variant) => chain.upgrade(runtimeImage(variant, options.slotDurationMs)).header.number,
    addEndpoint,
    close: async () => {
      clearInterval(timer);
      await Promise.all(endpoints.map((endpoint) => endpoint.close()));
    },
  };
}

function allMethods({ slotDurationMs }: DevchainOptions): Methods<World> {
  const methods: Methods<World> = {
    ...chainMethods<World>(),
    ...stateMethods<World>(),
    ...authorMethods<World>(),
    ...systemMethods<World>({ chain: 'Bittensor' }),
    ...devMethods<World>({ slotDurationMs }),
    rpc_methods: () => ({ methods: Object.keys(methods).sort() }),
  };
  return methods;
}

export type { Variant, World };
export { VARIANTS };
