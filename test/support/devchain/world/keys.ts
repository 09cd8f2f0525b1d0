import type { Hex } from '../model.ts';

export const ZERO_KEY: Hex = `0x${'00'.repeat(32)}`;

export function stakeKey(hotkey: Hex, coldkey: Hex, netuid: number): string {
  return `${hotkey}/${coldkey}/${netuid}`;
}

/** A stake position within one subnet; also `real/delegate` of a proxy. */
export function positionKey(hotkey: Hex, coldkey: Hex): string {
  return `${hotkey}/${coldkey}`;
}

/** The account that holds a subnet's TAO: `modl`, the pallet's id, the netuid, zeros. */
export function subnetAccount(netuid: number): Hex {
  const bytes = Buffer.alloc(32);
  bytes.write('modlsubtensr', 'latin1');
  bytes.writeUInt16LE(netuid, 12);
  return `0x${bytes.toString('hex')}`;
}
