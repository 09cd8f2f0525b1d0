import { asString } from '../plain.ts';
import { freeSlots, isImmune, type PruningInput, pruningOrder } from '../rules/index.ts';
import type { Reads } from '../types.ts';
import { readColdkeyOf } from './read.ts';

/** Somebody whom a registration pushes out. */
export interface Leaving {
  readonly uid: number;
  readonly hotkey: string;
  /** The coldkey that owns it, undefined when nobody does. */
  readonly coldkey: string | undefined;
  readonly immune: boolean;
}

/**
 * Who has to go for so many registrations, one after the other and with nobody else coming between, in the order of their going.
 * Fewer than that many when the next in turn would be a newcomer of these very registrations, or nobody.
 */
export async function readLeaving(
  reads: Reads,
  options: { readonly netuid: number; readonly pruning: PruningInput; readonly registrations: number },
): Promise<readonly Leaving[]> {
  const { netuid, pruning, registrations } = options;
  const count = registrations - freeSlots(pruning);
  if (count <= 0) return [];
  return await Promise.all(
    pruningOrder(pruning)
      .slice(0, count)
      .map(async (uid) => {
        const hotkey = asString(await reads.storage('SubtensorModule', 'Keys', netuid, uid), 'Keys');
        const { registeredAt = 0 } = pruning.neurons.find((neuron) => neuron.uid === uid) ?? {};
        return {
          uid,
          hotkey,
          coldkey: await readColdkeyOf(reads, hotkey),
          immune: isImmune(registeredAt, pruning.block, pruning.immunityPeriod),
        };
      }),
  );
}
