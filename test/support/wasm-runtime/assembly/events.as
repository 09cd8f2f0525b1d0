import { copy, putCompact, putU32, putU64, putU8, take } from './bytes';
import {
  BALANCES,
  BALANCES_ENDOWED,
  BALANCES_TRANSFER,
  BALANCES_WITHDRAW,
  FEE_PAID,
  NEURON_REGISTERED,
  NEW_ACCOUNT,
  PROXY,
  PROXY_EXECUTED,
  SUBTENSOR,
  SYSTEM,
  SYSTEM_EVENT_COUNT,
  SYSTEM_EVENTS,
  EXTRINSIC_FAILED,
  EXTRINSIC_SUCCESS,
  TRANSACTION_PAYMENT,
} from './metadata';
import { append, item, setU32, u32Or } from './storage';
import { extrinsicIndex } from './system';

let at: usize = 0;
let to: usize = 0;

/** Starts an event of the extrinsic that is being applied. */
function begin(pallet: u32, event: u32): void {
  at = take(192);
  to = putU8(at, 0);
  to = putU32(to, extrinsicIndex());
  to = putU8(to, pallet);
  to = putU8(to, event);
}
/** No topics, and into System.Events. */
function deposit(): void {
  to = putCompact(to, 0);
  item(SYSTEM_EVENTS);
  append(at, to - at);
  item(SYSTEM_EVENT_COUNT);
  setU32(u32Or(0) + 1);
}
function account(who: usize): void {
  to = copy(to, who, 32);
}

export function withdrawn(who: usize, amount: u64): void {
  begin(BALANCES, BALANCES_WITHDRAW);
  account(who);
  to = putU64(to, amount);
  deposit();
}
export function transferred(from: usize, target: usize, amount: u64): void {
  begin(BALANCES, BALANCES_TRANSFER);
  account(from);
  account(target);
  to = putU64(to, amount);
  deposit();
}
export function endowed(who: usize, amount: u64): void {
  begin(SYSTEM, NEW_ACCOUNT);
  account(who);
  deposit();
  begin(BALANCES, BALANCES_ENDOWED);
  account(who);
  to = putU64(to, amount);
  deposit();
}
export function neuronRegistered(netuid: u32, uid: u32, hotkey: usize): void {
  begin(SUBTENSOR, NEURON_REGISTERED);
  store<u16>(to, netuid as u16);
  store<u16>(to + 2, uid as u16);
  to += 4;
  account(hotkey);
  deposit();
}
export function feePaid(who: usize, fee: u64): void {
  begin(TRANSACTION_PAYMENT, FEE_PAID);
  account(who);
  to = putU64(to, fee);
  to = putU64(to, 0);
  deposit();
}
/** @param error 0, or where a DispatchError lies */
export function proxyExecuted(error: usize, length: usize): void {
  begin(PROXY, PROXY_EXECUTED);
  result(error, length);
  deposit();
}
/** @param error 0, or where a DispatchError lies */
export function extrinsicEnded(error: usize, length: usize, refTime: u64): void {
  begin(SYSTEM, error == 0 ? EXTRINSIC_SUCCESS : EXTRINSIC_FAILED);
  if (error != 0) to = copy(to, error, length);
  to = putCompact(to, refTime);
  to = putCompact(to, 0);
  to = putU8(to, 0);
  to = putU8(to, 0);
  deposit();
}
function result(error: usize, length: usize): void {
  to = putU8(to, error == 0 ? 0 : 1);
  if (error != 0) to = copy(to, error, length);
}
