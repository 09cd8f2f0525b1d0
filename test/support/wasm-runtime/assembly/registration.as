import { freeOf, transfer } from './accounts';
import { copy, putCompact, putU16, putU64, same, take } from './bytes';
import { moduleError } from './errors';
import { neuronRegistered } from './events';
import {
  ALREADY_REGISTERED,
  COLDKEY_CANNOT_PAY,
  EXISTENTIAL_DEPOSIT,
  NO_NEURON_ID,
  NON_ASSOCIATED_COLDKEY,
  NOT_ON_ROOT,
  PRICE_LIMIT_EXCEEDED,
  REGISTRATION_DISABLED,
  SUBNET_NOT_EXISTS,
  SUBTENSOR,
  SUBTENSOR_ACTIVE,
  SUBTENSOR_AXONS,
  SUBTENSOR_BLOCK_AT_REGISTRATION,
  SUBTENSOR_BURN,
  SUBTENSOR_EMISSION,
  SUBTENSOR_IMMUNITY_PERIOD,
  SUBTENSOR_INCENTIVE,
  SUBTENSOR_IS_NETWORK_MEMBER,
  SUBTENSOR_KEYS,
  SUBTENSOR_LAST_UPDATE,
  SUBTENSOR_MAX_ALLOWED_UIDS,
  SUBTENSOR_MIN_NON_IMMUNE_UIDS,
  SUBTENSOR_NETWORK_REGISTRATION_ALLOWED,
  SUBTENSOR_NETWORKS_ADDED,
  SUBTENSOR_OWNED_HOTKEYS,
  SUBTENSOR_OWNER,
  SUBTENSOR_PROMETHEUS,
  SUBTENSOR_SUBNET_OWNER_HOTKEY,
  SUBTENSOR_SUBNETWORK_N,
  SUBTENSOR_UIDS,
  SUBNET_ACCOUNT,
} from './metadata';
import { raisePrice } from './price';
import {
  append,
  blakeConcat,
  found,
  identityU16,
  isSet,
  item,
  put,
  remove,
  setU16,
  setU64,
  setU8,
  u16Or,
  u64Or,
  valueAt,
  valueLength,
} from './storage';
import { blockNumber } from './system';

const NOBODY: u32 = 0xffffffff;

function ofSubnet(prefix: usize, netuid: u32): void {
  item(prefix);
  identityU16(netuid);
}
function ofUid(prefix: usize, netuid: u32, uid: u32): void {
  ofSubnet(prefix, netuid);
  identityU16(uid);
}
function ofHotkey(prefix: usize, netuid: u32, hotkey: usize): void {
  ofSubnet(prefix, netuid);
  blakeConcat(hotkey);
}
function membership(hotkey: usize, netuid: u32): void {
  item(SUBTENSOR_IS_NETWORK_MEMBER);
  blakeConcat(hotkey);
  identityU16(netuid);
}

export function price(netuid: u32): u64 {
  ofSubnet(SUBTENSOR_BURN, netuid);
  return u64Or(100_000_000);
}

export function registerLimit(coldkey: usize, netuid: u32, hotkey: usize, limit: u64): usize {
  const missing = absent(netuid);
  if (missing != 0) return missing;
  if (price(netuid) > limit) return moduleError(SUBTENSOR, PRICE_LIMIT_EXCEEDED);
  return burnedRegister(coldkey, netuid, hotkey);
}

/** The checks in the runtime's order, then the payment, the place, the price for the next. @returns 0 or an error */
export function burnedRegister(coldkey: usize, netuid: u32, hotkey: usize): usize {
  const missing = absent(netuid);
  if (missing != 0) return missing;
  ofSubnet(SUBTENSOR_NETWORK_REGISTRATION_ALLOWED, netuid);
  if (found() && load<u8>(valueAt) == 0) return moduleError(SUBTENSOR, REGISTRATION_DISABLED);
  ofHotkey(SUBTENSOR_UIDS, netuid, hotkey);
  if (found()) return moduleError(SUBTENSOR, ALREADY_REGISTERED);
  const burn = price(netuid);
  const free = freeOf(coldkey);
  if (free < burn) return moduleError(SUBTENSOR, COLDKEY_CANNOT_PAY);
  item(SUBTENSOR_OWNER);
  blakeConcat(hotkey);
  const owned = found();
  if (owned && !same(valueAt, coldkey, 32)) return moduleError(SUBTENSOR, NON_ASSOCIATED_COLDKEY);
  const uid = placeFor(netuid);
  if (uid == NOBODY) return moduleError(SUBTENSOR, NO_NEURON_ID);

  // The transfer leaves the existential deposit, whatever the check before let through.
  transfer(coldkey, subnetAccount(netuid), min<u64>(burn, free > EXISTENTIAL_DEPOSIT ? free - EXISTENTIAL_DEPOSIT : 0));
  if (!owned) own(coldkey, hotkey);
  settle(netuid, uid, hotkey);
  raisePrice(netuid, burn);
  neuronRegistered(netuid, uid, hotkey);
  return 0;
}

function absent(netuid: u32): usize {
  if (netuid == 0) return moduleError(SUBTENSOR, NOT_ON_ROOT);
  ofSubnet(SUBTENSOR_NETWORKS_ADDED, netuid);
  return isSet() ? 0 : moduleError(SUBTENSOR, SUBNET_NOT_EXISTS);
}

/** The account that keeps a subnet's TAO: "modl", the pallet's id, the netuid, zeros. */
function subnetAccount(netuid: u32): usize {
  const at = take(32);
  copy(at, SUBNET_ACCOUNT, 32);
  putU16(at + 12, netuid);
  return at;
}

function own(coldkey: usize, hotkey: usize): void {
  item(SUBTENSOR_OWNER);
  blakeConcat(hotkey);
  put(coldkey, 32);
  item(SUBTENSOR_OWNED_HOTKEYS);
  blakeConcat(coldkey);
  append(hotkey, 32);
}

function placeFor(netuid: u32): u32 {
  ofSubnet(SUBTENSOR_SUBNETWORK_N, netuid);
  const count = u16Or(0);
  ofSubnet(SUBTENSOR_MAX_ALLOWED_UIDS, netuid);
  return count < u16Or(256) ? count : toPrune(netuid, count);
}

/**
 * Of those without immunity the lowest emission, then the oldest, then the lowest UID; if too few are, of the immune.
 * Of the owner's hotkeys only the subnet's own is spared, which is the rule for a limit of one.
 */
function toPrune(netuid: u32, count: u32): u32 {
  ofSubnet(SUBTENSOR_IMMUNITY_PERIOD, netuid);
  const period: u64 = u16Or(4096);
  ofSubnet(SUBTENSOR_MIN_NON_IMMUNE_UIDS, netuid);
  const least = u16Or(10);
  ofHotkey(SUBTENSOR_UIDS, netuid, ownerHotkey(netuid));
  const owner: u32 = found() ? load<u16>(valueAt) : NOBODY;
  const now: u64 = blockNumber();
  let open = NOBODY;
  let openEmission: u64 = 0;
  let openSince: u64 = 0;
  let openCount: u32 = 0;
  let immune = NOBODY;
  let immuneEmission: u64 = 0;
  let immuneSince: u64 = 0;
  for (let uid: u32 = 0; uid < count; uid++) {
    if (uid == owner) continue;
    const emission = emissionOf(netuid, uid);
    ofUid(SUBTENSOR_BLOCK_AT_REGISTRATION, netuid, uid);
    const since = u64Or(0);
    if (now - since < period) {
      if (immune == NOBODY || before(emission, since, immuneEmission, immuneSince)) {
        immune = uid;
        immuneEmission = emission;
        immuneSince = since;
      }
    } else {
      openCount++;
      if (open == NOBODY || before(emission, since, openEmission, openSince)) {
        open = uid;
        openEmission = emission;
        openSince = since;
      }
    }
  }
  return openCount > least ? open : immune;
}
function before(emission: u64, since: u64, otherEmission: u64, otherSince: u64): bool {
  return emission < otherEmission || (emission == otherEmission && since < otherSince);
}
function ownerHotkey(netuid: u32): usize {
  const at = take(32);
  memory.fill(at, 0, 32);
  ofSubnet(SUBTENSOR_SUBNET_OWNER_HOTKEY, netuid);
  if (found()) copy(at, valueAt, 32);
  return at;
}
function emissionOf(netuid: u32, uid: u32): u64 {
  ofSubnet(SUBTENSOR_EMISSION, netuid);
  if (!found()) return 0;
  const start = vectorStart();
  return uid < vectorCount() ? load<u64>(start + uid * 8) : 0;
}

function settle(netuid: u32, uid: u32, hotkey: usize): void {
  ofUid(SUBTENSOR_KEYS, netuid, uid);
  if (found()) forget(netuid, copyOf(valueAt));
  else {
    ofSubnet(SUBTENSOR_SUBNETWORK_N, netuid);
    setU16(uid + 1);
  }
  ofUid(SUBTENSOR_KEYS, netuid, uid);
  put(hotkey, 32);
  ofHotkey(SUBTENSOR_UIDS, netuid, hotkey);
  setU16(uid);
  const now: u64 = blockNumber();
  ofUid(SUBTENSOR_BLOCK_AT_REGISTRATION, netuid, uid);
  setU64(now);
  membership(hotkey, netuid);
  setU8(1);
  setElement(SUBTENSOR_EMISSION, netuid, uid, 8, 0);
  setElement(SUBTENSOR_INCENTIVE, netuid, uid, 2, 0);
  setElement(SUBTENSOR_ACTIVE, netuid, uid, 1, 1);
  setElement(SUBTENSOR_LAST_UPDATE, netuid, uid, 8, now);
}
function forget(netuid: u32, hotkey: usize): void {
  ofHotkey(SUBTENSOR_UIDS, netuid, hotkey);
  remove();
  ofHotkey(SUBTENSOR_AXONS, netuid, hotkey);
  remove();
  ofHotkey(SUBTENSOR_PROMETHEUS, netuid, hotkey);
  remove();
  membership(hotkey, netuid);
  remove();
}
function copyOf(account: usize): usize {
  const at = take(32);
  copy(at, account, 32);
  return at;
}

/** Sets or appends an element of a subnet's vector by UID; shorter vectors are left alone. */
function setElement(prefix: usize, netuid: u32, uid: u32, size: u32, value: u64): void {
  ofSubnet(prefix, netuid);
  let count: u32 = 0;
  let start: usize = 0;
  if (found()) {
    count = vectorCount();
    start = vectorStart();
  }
  if (uid > count) return;
  const grown = uid == count ? count + 1 : count;
  const at = take(5 + grown * size);
  const items = putCompact(at, grown);
  if (count > 0) copy(items, start, count * size);
  const buffer = take(8);
  putU64(buffer, value);
  copy(items + uid * size, buffer, size);
  put(at, items + grown * size - at);
}
// A SCALE vector in the value that was found last.
function vectorCount(): u32 {
  const mode = load<u8>(valueAt) & 3;
  if (valueLength == 0) return 0;
  if (mode == 0) return load<u8>(valueAt) >> 2;
  if (mode == 1) return load<u16>(valueAt) >> 2;
  return load<u32>(valueAt) >> 2;
}
function vectorStart(): usize {
  const mode = load<u8>(valueAt) & 3;
  return valueAt + (mode == 0 ? 1 : mode == 1 ? 2 : 4);
}
