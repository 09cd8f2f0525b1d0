import { asBigInt, asBoolean, asString } from '../plain.ts';
import type { Plain, Reads } from '../types.ts';

const PALLET = 'SubtensorModule';

/** What the map of owners says of a hotkey that it does not have: the account of 32 zero bytes. */
const NOBODY = '5C4hrfjw9DjXZTzV3MwzrrAr9P1MJhSrvWGWqi1eSuyUpnhM';

/** The coldkey that owns a hotkey, undefined while nobody does. */
export async function readColdkeyOf(reads: Reads, hotkey: string): Promise<string | undefined> {
  const owner = optional(await reads.storage(PALLET, 'Owner', hotkey), (o) => asString(o, 'Owner'));
  return owner === NOBODY ? undefined : owner;
}

/** A yes or no of a subnet, undefined where the runtime has none of that name. */
export async function readSwitch(reads: Reads, item: string, netuid: number): Promise<boolean | undefined> {
  if (!reads.has.storage(PALLET, item)) return undefined;
  return asBoolean(await reads.storage(PALLET, item, netuid), item);
}

/** An integer, undefined where the runtime has none of that name or nothing is stored. */
export async function readInteger(
  reads: Reads,
  item: string,
  ...keys: readonly (number | string)[]
): Promise<bigint | undefined> {
  if (!reads.has.storage(PALLET, item)) return undefined;
  return optional(await reads.storage(PALLET, item, ...keys), (value) => asBigInt(value, item));
}

function optional<T>(value: Plain, read: (value: Plain) => T): T | undefined {
  return value === undefined ? undefined : read(value);
}
