import type { World } from '../world/index.ts';

/** Price of creating a subnet, in rao: twice the last, sinking to the minimum (subnets/lock_cost). */
export function networkCost(world: Readonly<World>): bigint {
  const last = world.networkLastLockCost;
  const passed = BigInt(Math.max(0, world.blockNumber - world.networkLastLockBlock));
  const cost = last * 2n - (last / world.networkLockReductionInterval) * passed;
  return cost > world.networkMinLockCost ? cost : world.networkMinLockCost;
}
