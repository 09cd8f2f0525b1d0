import type { ChainEvent, Features } from './model.ts';
import { accrue, runEpoch } from './rules/epoch.ts';
import { decayPrices } from './rules/price.ts';
import { nextEpochBlock, type Subnet, type World } from './world/index.ts';

/** What every block does by itself, its number and time already set: prices sink, emission accrues, epochs fall due. */
export function advance(world: World, features: Features): readonly ChainEvent[] {
  const decays = features.storage('SubtensorModule', 'BurnHalfLife');
  const events: ChainEvent[] = [];
  for (const subnet of world.subnets.values()) {
    if (decays) decayPrices(subnet);
    else newInterval(subnet, world.blockNumber);
    accrue(subnet);
    if (subnet.netuid === 0 || world.blockNumber < nextEpochBlock(subnet)) continue;
    events.push(...runEpoch(world, subnet).filter(({ pallet, name }) => features.event(pallet, name)));
  }
  return events;
}

/** Runtimes before the decay counted registrations by block and by interval. */
function newInterval(subnet: Subnet, block: number): void {
  subnet.registrationsThisBlock = 0;
  if (block % subnet.params.adjustmentInterval === 0) subnet.registrationsThisInterval = 0;
}
