import { Blake2256 } from '@polkadot-api/substrate-bindings';
import { fromHex, isHex, toHex } from '../codec/hex.ts';
import { written } from '../codec/writer.ts';
import type { Head, Hex } from '../types.ts';
import { isObject, unknownForm } from './answers.ts';

/**
 * A head from a header as the node tells it. The hash is BLAKE2-256 of the SCALE form (parent, compact number, state root,
 * extrinsics root, digest), as sp_runtime's generic Header has it.
 * @throws ERR_CHAIN_SHAPE
 */
export function headOf(header: unknown): Head {
  if (!isObject(header) || !isObject(header.digest) || !Array.isArray(header.digest.logs)) {
    throw unknownForm('a header');
  }
  const { parentHash, number, stateRoot, extrinsicsRoot, digest } = header;
  const logs: unknown[] = Array.isArray(digest.logs) ? digest.logs : [];
  const height = Number(number);
  if (!Number.isSafeInteger(height)) throw unknownForm('a header');
  const bytes = written((writer) => {
    writer.raw(bytesOf(parentHash));
    writer.compact(BigInt(height));
    writer.raw(bytesOf(stateRoot));
    writer.raw(bytesOf(extrinsicsRoot));
    writer.compact(BigInt(logs.length));
    for (const log of logs) writer.raw(bytesOf(log));
  });
  return { hash: toHex(Blake2256(bytes)), number: height, parent: parentHash as Hex };
}

function bytesOf(value: unknown): Uint8Array {
  if (isHex(value)) return fromHex(value);
  throw unknownForm('a header');
}
