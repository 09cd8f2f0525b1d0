import { sha256 } from '@noble/hashes/sha2.js';
import { keccak_256 } from '@noble/hashes/sha3.js';

const NAME = new TextEncoder().encode('subtensor-pow-register-v1');
const MOST = 2n ** 256n - 1n;
const MOST_U64 = 2n ** 64n - 1n;

/** What a proof of work is for: it is worth nothing for another key, subnet, chain or time. */
export interface SealSubject {
  readonly netuid: number;
  /** Hash of the block whose number goes with the proof, 32 bytes. */
  readonly blockHash: Uint8Array;
  /** Public keys, 32 bytes. A registration through a proxy has the account that it is for as coldkey. */
  readonly hotkey: Uint8Array;
  readonly coldkey: Uint8Array;
}

/** What is hashed before the nonce, 123 bytes. */
export function sealPrefix({ netuid, blockHash, hotkey, coldkey }: SealSubject): Uint8Array {
  const prefix = Buffer.alloc(123);
  prefix.set(NAME);
  prefix.writeUInt16LE(netuid, 25);
  prefix.set(blockHash, 27);
  prefix.set(hotkey, 59);
  prefix.set(coldkey, 91);
  return new Uint8Array(prefix);
}

/** keccak256(sha256(prefix ‖ nonce as u64, little-endian)) */
export function sealWork(prefix: Uint8Array, nonce: bigint): Uint8Array {
  const message = Buffer.concat([prefix, Buffer.alloc(8)]);
  message.writeBigUInt64LE(nonce, prefix.length);
  return keccak_256(sha256(message));
}

/** The largest work, read as a little-endian number, that meets a difficulty: floor((2^256 − 1) / D). */
export function sealLimit(difficulty: bigint): bigint {
  return MOST / difficulty;
}

export function meetsDifficulty(work: Uint8Array, difficulty: bigint): boolean {
  return BigInt(`0x${Buffer.from(work).reverse().toString('hex')}`) <= sealLimit(difficulty);
}

/**
 * The difficulty that the chain holds a proof to: what is stored, kept within the subnet's bounds.
 * lo = max(1, MinDifficulty), hi = max(lo, MaxDifficulty or 2^64 − 1)
 */
export function effectiveDifficulty(stored: {
  readonly difficulty?: bigint | undefined;
  readonly least?: bigint | undefined;
  readonly most?: bigint | undefined;
}): bigint {
  const least = stored.least !== undefined && stored.least > 1n ? stored.least : 1n;
  const most = stored.most ?? MOST_U64;
  const highest = most > least ? most : least;
  const difficulty = stored.difficulty ?? least;
  return difficulty < least ? least : difficulty > highest ? highest : difficulty;
}
