// A runtime as a Substrate node or fork loads it: every export takes the place and length of its SCALE arguments.

import { nonceOf } from './accounts';
import { copy, putCompact, putU32, putU64, putU8, take } from './bytes';
import {
  apply,
  baseFee,
  lengthFee,
  nonce,
  parse,
  refused,
  signer,
  VALID,
  validity,
  weight,
  weightFee,
} from './extrinsic';
import { span } from './host';
import { METADATA_KEY, METADATA_KEY_LENGTH, RUNTIME_VERSION, RUNTIME_VERSION_LENGTH, SLOT_DURATION, SYSTEM_DIGEST } from './metadata';
import { decayPrices } from './price';
import { found, item, optionOfBytes, rawKey, valueAt, valueLength } from './storage';
import { beginBlock, blockNumber, initialize } from './system';

export function Core_version(_at: usize, _length: usize): i64 {
  return span(RUNTIME_VERSION, RUNTIME_VERSION_LENGTH);
}

export function Core_initialize_block(at: usize, length: usize): i64 {
  initialize(at, length);
  decayPrices();
  return span(at, 0);
}

export function BlockBuilder_apply_extrinsic(at: usize, length: usize): i64 {
  return apply(at, length);
}

/** The header that was built. Its roots are zeros: a fork keeps no trie. */
export function BlockBuilder_finalize_block(_at: usize, _length: usize): i64 {
  item(SYSTEM_DIGEST);
  const digest: usize = found() ? valueLength : 0;
  const header = take(128 + digest);
  memory.fill(header, 0, 128);
  let to = putCompact(header + 32, blockNumber()) + 64;
  to = digest > 0 ? copy(to, valueAt, digest) : putU8(to, 0);
  return span(header, to - header);
}

export function BlockBuilder_inherent_extrinsics(_at: usize, _length: usize): i64 {
  const none = take(1);
  putU8(none, 0);
  return span(none, 1);
}

/** The metadata lies in the state, one entry for each of its versions: the runtime stays small. */
function metadata(version: u32): i64 {
  const key = take(32);
  putU32(copy(key, METADATA_KEY, METADATA_KEY_LENGTH), version);
  rawKey(key, METADATA_KEY_LENGTH + 4);
  return optionOfBytes();
}
export function Metadata_metadata(_at: usize, _length: usize): i64 {
  const answer = metadata(14);
  return answer + 1 - (1 << 32);
}
export function Metadata_metadata_at_version(at: usize, _length: usize): i64 {
  return metadata(load<u32>(at));
}
export function Metadata_metadata_versions(_at: usize, _length: usize): i64 {
  const versions = take(13);
  let to = putCompact(versions, 3);
  for (let version: u32 = 14; version <= 16; version++) to = putU32(to, version);
  return span(versions, 13);
}

export function AccountNonceApi_account_nonce(at: usize, _length: usize): i64 {
  const answer = take(4);
  putU32(answer, nonceOf(at));
  return span(answer, 4);
}

export function AuraApi_slot_duration(_at: usize, _length: usize): i64 {
  const answer = take(8);
  putU64(answer, SLOT_DURATION);
  return span(answer, 8);
}

/** Source (1 byte), the extrinsic, the hash of the block on which it is to be. */
export function TaggedTransactionQueue_validate_transaction(at: usize, length: usize): i64 {
  if (length < 33 || !parse(at + 1, length - 33)) return refused(0);
  beginBlock(blockNumber() + 1, at + length - 32);
  const problem = validity(true);
  if (problem != VALID) return refused(problem);
  const answer = take(160);
  let to = putU8(answer, 0);
  to = putU64(to, 1);
  const waits = nonce > nonceOf(signer);
  to = putCompact(to, waits ? 1 : 0);
  if (waits) to = tag(to, nonce - 1);
  to = tag(putCompact(to, 1), nonce);
  to = putU64(to, 64);
  to = putU8(to, 1);
  return span(answer, to - answer);
}
function tag(at: usize, value: u32): usize {
  return putU32(copy(putCompact(at, 36), signer, 32), value);
}

export function TransactionPaymentApi_query_info(at: usize, length: usize): i64 {
  if (!parse(at, length - 4)) unreachable();
  const answer = take(32);
  let to = putCompact(answer, weight());
  to = putCompact(to, 0);
  to = putU8(to, 0);
  to = putU64(to, baseFee() + lengthFee() + weightFee(weight()));
  return span(answer, to - answer);
}

export function TransactionPaymentApi_query_fee_details(at: usize, length: usize): i64 {
  if (!parse(at, length - 4)) unreachable();
  const answer = take(40);
  let to = putU8(answer, 1);
  to = putU64(to, baseFee());
  to = putU64(to, lengthFee());
  to = putU64(to, weightFee(weight()));
  to = putU64(to, 0);
  return span(answer, to - answer);
}
