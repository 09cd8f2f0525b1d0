import {
  badOrigin,
  type CallContext,
  type CallHandler,
  type ChainEvent,
  type DispatchFailure,
  type Features,
  type Hex,
  moduleError,
  type Plain,
} from '../model.ts';
import type { Subnet, World } from '../world/index.ts';

export type Context<A> = CallContext<World, A>;

/** A handler with its arguments' types said; the node decodes them by the metadata, which is what these follow. */
export function handler<A extends { readonly [field: string]: Plain }>(
  given: CallHandler<World, A>,
): CallHandler<World> {
  return given as CallHandler<World>;
}

/** @throws DispatchFailure BadOrigin for an unsigned call */
export function signed({ signer }: Pick<Context<unknown>, 'signer'>): Hex {
  if (signer === undefined) throw badOrigin();
  return signer;
}

/** A module error of SubtensorModule by the first of its names that this runtime knows. */
export function failure(features: Features, ...names: readonly [string, ...string[]]): DispatchFailure {
  const known = names.find((name) => features.error('SubtensorModule', name));
  return moduleError('SubtensorModule', known ?? names[0]);
}

export function subnetOf(world: World, netuid: number, features: Features): Subnet {
  const subnet = world.subnets.get(netuid);
  if (subnet === undefined)
    throw failure(features, 'SubnetNotExists', 'SubNetworkDoesNotExist', 'MechanismDoesNotExist');
  return subnet;
}

export function subtensorEvent(name: string, data: Plain): ChainEvent {
  return { pallet: 'SubtensorModule', name, data };
}

/** A destination as the runtime's MultiAddress decodes. */
export function accountOf(address: Plain): Hex {
  if (typeof address === 'string') return address;
  if (typeof address === 'object' && address !== null && 'Id' in address && typeof address.Id === 'string')
    return address.Id;
  throw moduleError('System', 'CallFiltered');
}

const POOL: Readonly<Record<string, number>> = {
  ColdkeySwapAnnounced: 0,
  AmountTooLow: 1,
  NotEnoughBalanceToStake: 2,
  SubnetNotExists: 3,
  SubNetworkDoesNotExist: 3,
  HotKeyAccountNotExists: 4,
  NotEnoughStakeToWithdraw: 5,
  SettingWeightsTooFast: 6,
  InsufficientLiquidity: 7,
  SlippageTooHigh: 8,
  TransferDisallowed: 9,
  HotKeyNotRegisteredInNetwork: 10,
  InvalidIpAddress: 11,
  ServingRateLimitExceeded: 12,
  InvalidPort: 13,
  HotKeyNotRegisteredInSubNet: 19,
  NonAssociatedColdKey: 25,
};

/** `Custom error: N` of the pool for a module error; 255 for what has no number. */
function poolNumber(error: DispatchFailure): number {
  return (error.error.kind === 'module' ? POOL[error.error.name] : undefined) ?? 255;
}

/** The pool's number of what `check` throws. */
export function refusal(check: () => void): number | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof Error && 'error' in error) return poolNumber(error as DispatchFailure);
    throw error;
  }
}
