import { createHash } from 'node:crypto';
import { keccak_256 } from '@noble/hashes/sha3.js';
import type { Hex } from '../model.ts';

export interface Work {
  readonly netuid: number;
  readonly blockHash: Hex;
  readonly hotkey: Hex;
  readonly coldkey: Hex;
  readonly nonce: bigint;
}

const MOST = (1n << 256n) - 1n;

/** keccak256(sha256(domain ‖ netuid u16 ‖ block hash ‖ hotkey ‖ coldkey ‖ nonce u64)), integers little-endian. */
export function sealOf({ netuid, blockHash, hotkey, coldkey, nonce }: Work): Hex {
  const numbers = Buffer.alloc(10);
  numbers.writeUInt16LE(netuid, 0);
  numbers.writeBigUInt64LE(nonce, 2);
  const inner = createHash('sha256')
    .update('subtensor-pow-register-v1')
    .update(numbers.subarray(0, 2))
    .update(Buffer.from(blockHash.slice(2), 'hex'))
    .update(Buffer.from(hotkey.slice(2), 'hex'))
    .update(Buffer.from(coldkey.slice(2), 'hex'))
    .update(numbers.subarray(2))
    .digest();
  return `0x${Buffer.from(keccak_256(inner)).toString('hex')}`;
}

/** The work as a little-endian integer times the difficulty fits 256 bits. */
export function meetsDifficulty(work: Hex, difficulty: bigint): boolean {
  const number = BigInt(`0x${Buffer.from(work.slice(2), 'hex').reverse().toString('hex')}`);
  return number * difficulty <= MOST;
}
