import { freeOf, nonceOf, raiseNonce, withdraw } from './accounts';
import {
  bad,
  copy,
  cursor,
  end,
  getCompact,
  getU16,
  getU32,
  getU64,
  getU8,
  putU32,
  putU8,
  read,
  same,
  skip,
  spoil,
  take,
} from './bytes';
import { errorLength, moduleError, plainError } from './errors';
import { extrinsicEnded, feePaid, proxyExecuted } from './events';
import {
  blake2_256,
  commitTransaction,
  ed25519Verify,
  rollbackTransaction,
  span,
  sr25519Verify,
  startTransaction,
} from './host';
import {
  BASE_WEIGHT,
  CALL_BURNED_REGISTER,
  CALL_PROXY,
  CALL_REGISTER_LIMIT,
  CALL_TIMESTAMP_SET,
  EXISTENTIAL_DEPOSIT,
  NOT_PROXY,
  PROXY,
  PROXY_ANY,
  PROXY_PROXIES,
  PROXY_REGISTRATION,
  SPEC_VERSION,
  SUBTENSOR,
  TIMESTAMP,
  TIMESTAMP_NOW,
  TRANSACTION_VERSION,
} from './metadata';
import { burnedRegister, registerLimit } from './registration';
import { found, item, setU64, twoxConcat, valueAt, valueLength } from './storage';
import { blockHash, blockNumber, extrinsicIndex, setExtrinsicIndex } from './system';

/** ps of a registration by burn: own time, 34 reads, 29 writes (subtensor, weights.rs). */
const REGISTER_WEIGHT: u64 = 4_086_815_000;
const OTHER_WEIGHT: u64 = 500_000_000;

// InvalidTransaction, as in sp_runtime.
const CALL: i32 = 0;
const PAYMENT: i32 = 1;
const FUTURE: i32 = 2;
const STALE: i32 = 3;
const BAD_PROOF: i32 = 4;
const ANCIENT_BIRTH: i32 = 5;
export const VALID: i32 = -1;

// The extrinsic that was parsed last.
let whole: usize = 0;
let isSigned: bool = false;
export let signer: usize = 0;
export let nonce: u32 = 0;
let scheme: u32 = 0;
let signature: usize = 0;
let extensions: usize = 0;
let extensionsLength: usize = 0;
let era: u32 = 0;
let tip: u64 = 0;
let hashMode: u32 = 0;
let call: usize = 0;
let callLength: usize = 0;

/** Version 4, signed or bare, with its compact length in front. */
export function parse(at: usize, length: usize): bool {
  whole = length;
  read(at, length);
  getCompact();
  const version = getU8();
  isSigned = (version & 0x80) != 0;
  if ((version & 0x7f) != 4 && version != 5) spoil();
  if (isSigned) {
    if (getU8() != 0) spoil();
    signer = skip(32);
    scheme = getU8();
    signature = skip(scheme == 2 ? 65 : 64);
    extensions = cursor;
    era = getU8();
    if (era != 0) era |= getU8() << 8;
    nonce = getCompact() as u32;
    tip = getCompact();
    hashMode = getU8();
    extensionsLength = cursor - extensions;
  }
  call = cursor;
  callLength = end - cursor;
  return !bad && callLength >= 2;
}

export function weight(): u64 {
  const pallet = load<u8>(call) as u32;
  const method = load<u8>(call + 1) as u32;
  if (pallet == SUBTENSOR && (method == CALL_REGISTER_LIMIT || method == CALL_BURNED_REGISTER))
    return REGISTER_WEIGHT;
  return OTHER_WEIGHT;
}
/** Half a thousandth of a rao per ps, rounded. */
export function weightFee(refTime: u64): u64 {
  return (refTime + 1_000) / 2_000;
}
export function lengthFee(): u64 {
  return whole;
}
export function baseFee(): u64 {
  return weightFee(BASE_WEIGHT);
}
function fee(): u64 {
  return baseFee() + lengthFee() + weightFee(weight()) + tip;
}

/** VALID, or the variant of InvalidTransaction. @param pool whether a nonce that is too high may wait */
export function validity(pool: bool): i32 {
  if (!isSigned) return CALL;
  const birth = birthHash();
  if (birth == 0) return ANCIENT_BIRTH;
  if (!signatureFits(birth)) return BAD_PROOF;
  const expected = nonceOf(signer);
  if (nonce < expected) return STALE;
  if (nonce > expected && !pool) return FUTURE;
  if (freeOf(signer) < fee() + EXISTENTIAL_DEPOSIT) return PAYMENT;
  return VALID;
}

/** Hash of the block at which the era begins, of genesis for an immortal extrinsic; 0 when it is too long ago. */
function birthHash(): usize {
  if (era == 0) return blockHash(0);
  const period: u64 = 2 << (era & 15);
  const quantum: u64 = period >> 12 > 1 ? period >> 12 : 1;
  const phase: u64 = (era >> 4) * quantum;
  const now: u64 = blockNumber();
  const base = now > phase ? now : phase;
  return blockHash((((base - phase) / period) * period + phase) as u32);
}

function signatureFits(birth: usize): bool {
  const genesis = blockHash(0);
  if (hashMode != 0 || genesis == 0) return false;
  const payload = take(callLength + extensionsLength + 73);
  let to = copy(payload, call, callLength);
  to = copy(to, extensions, extensionsLength);
  to = putU32(to, SPEC_VERSION);
  to = putU32(to, TRANSACTION_VERSION);
  to = copy(to, genesis, 32);
  to = copy(to, birth, 32);
  to = putU8(to, 0);
  const length = to - payload;
  const message = length > 256 ? span(blake2_256(span(payload, length)), 32) : span(payload, length);
  if (scheme == 0) return ed25519Verify(signature, message, signer) == 1;
  if (scheme == 1) return sr25519Verify(signature, message, signer) == 1;
  return false;
}

/** ApplyExtrinsicResult. */
export function apply(at: usize, length: usize): i64 {
  if (!parse(at, length)) return refused(CALL);
  const index = extrinsicIndex();
  const answer = isSigned ? applySigned() : applyInherent();
  setExtrinsicIndex(index + 1);
  return answer;
}

function applySigned(): i64 {
  const problem = validity(false);
  if (problem != VALID) return refused(problem);
  const paid = fee();
  const refTime = weight();
  const who = signer;
  raiseNonce(who);
  withdraw(who, paid);
  const error = dispatch(who, call, callLength);
  const length = errorLength;
  feePaid(who, paid);
  extrinsicEnded(error, length, refTime);
  return outcome(error, length);
}

/** The one inherent: Timestamp.set. */
function applyInherent(): i64 {
  read(call, callLength);
  if (getU8() != TIMESTAMP || getU8() != CALL_TIMESTAMP_SET) return refused(CALL);
  const now = getCompact();
  if (bad) return refused(CALL);
  item(TIMESTAMP_NOW);
  setU64(now);
  extrinsicEnded(0, 0, OTHER_WEIGHT);
  return outcome(0, 0);
}

/** Runs a call as all or nothing. @returns 0 or a DispatchError */
function dispatch(who: usize, at: usize, length: usize): usize {
  startTransaction();
  const error = execute(who, at, length);
  if (error == 0) commitTransaction();
  else rollbackTransaction();
  return error;
}

function execute(who: usize, at: usize, length: usize): usize {
  read(at, length);
  const pallet = getU8();
  const method = getU8();
  if (pallet == SUBTENSOR && (method == CALL_REGISTER_LIMIT || method == CALL_BURNED_REGISTER)) {
    const netuid = getU16();
    const hotkey = skip(32);
    const limit = method == CALL_REGISTER_LIMIT ? getU64() : u64.MAX_VALUE;
    if (bad || cursor != end) return plainError(0);
    return method == CALL_REGISTER_LIMIT
      ? registerLimit(who, netuid, hotkey, limit)
      : burnedRegister(who, netuid, hotkey);
  }
  if (pallet == PROXY && method == CALL_PROXY) {
    if (getU8() != 0) spoil();
    const real = skip(32);
    if (getU8() == 1) getU8();
    if (bad) return plainError(0);
    if (!isProxy(real, who)) return moduleError(PROXY, NOT_PROXY);
    const inner = dispatch(real, cursor, end - cursor);
    proxyExecuted(inner, errorLength);
    return 0;
  }
  return plainError(0);
}

/** Whether `real` has let `who` register in its name, without a delay. */
function isProxy(real: usize, who: usize): bool {
  item(PROXY_PROXIES);
  twoxConcat(real, 32);
  if (!found() || valueLength == 0) return false;
  const count = load<u8>(valueAt) >> 2;
  for (let i: u32 = 0; i < count; i++) {
    const entry = valueAt + 1 + i * 37;
    const kind = load<u8>(entry + 32) as u32;
    if (same(entry, who, 32) && (kind == PROXY_ANY || kind == PROXY_REGISTRATION) && load<u32>(entry + 33) == 0)
      return true;
  }
  return false;
}

/** Err(TransactionValidityError::Invalid(…)) */
export function refused(variant: i32): i64 {
  const at = take(3);
  putU8(at, 1);
  putU8(at + 1, 0);
  putU8(at + 2, variant as u32);
  return span(at, 3);
}
/** Ok(DispatchOutcome) */
function outcome(error: usize, length: usize): i64 {
  const at = take(16);
  putU8(at, 0);
  putU8(at + 1, error == 0 ? 0 : 1);
  if (error != 0) copy(at + 2, error, length);
  return span(at, error == 0 ? 2 : 2 + length);
}
