import { fromHex } from '../codec/hex.ts';
import type { Runtime } from '../codec/runtime.ts';
import { asNumber, asVariant, fieldOf, isRecord } from '../plain.ts';
import type { ChainEvent, ChainFailure, Plain } from '../types.ts';
import { failure } from './explain.ts';

/** What a DispatchError says, its module errors named by the metadata of the runtime that raised it. */
function dispatchFailure(
  error: Plain,
  runtime: Runtime,
  channel: ChainFailure['channel'] = 'dispatch',
): ChainFailure {
  const { type, value } = asVariant(error, 'why a call failed');
  if (type === 'Module') {
    const pallet = asNumber(fieldOf(value, 'index', 'why a call failed'), 'why a call failed');
    // [u8; 4] today, a u8 in older runtimes.
    const raw = fieldOf(value, 'error', 'why a call failed');
    const index = typeof raw === 'string' ? (fromHex(raw)[0] ?? 0) : asNumber(raw, 'why a call failed');
    const found = runtime.moduleError(pallet, index);
    return found ? failure(channel, found.name, found) : failure(channel, `Module${pallet}Error${index}`);
  }
  // Token, Arithmetic and their like name the case inside.
  const inner = isRecord(value) ? value.type : undefined;
  return failure(channel, typeof inner === 'string' ? (TOKEN_NAMES[inner] ?? inner) : type);
}

/** Names of sp_runtime's TokenError as rows of our table. */
const TOKEN_NAMES: Readonly<Record<string, string>> = {
  FundsUnavailable: 'InsufficientBalance',
  NoFunds: 'InsufficientBalance',
  BelowMinimum: 'ExistentialDeposit',
  OnlyProvider: 'Expendability',
  NotExpendable: 'Expendability',
  Frozen: 'LiquidityRestrictions',
};

/** Events that tell how a call inside a call ended, and the field that tells it. */
const INNER: Readonly<Record<string, string>> = {
  'Proxy.ProxyExecuted': 'result',
  'Multisig.MultisigExecuted': 'result',
  'Utility.BatchInterrupted': 'error',
  'Utility.ItemFailed': 'error',
  'Utility.DispatchedAs': 'result',
  'Sudo.Sudid': 'sudo_result',
  'Sudo.SudoAsDone': 'sudo_result',
};

/**
 * Why an extrinsic failed by its own events; undefined when it succeeded all through. An extrinsic whose inner call failed still
 * says ExtrinsicSuccess.
 */
export function failureOf(events: readonly ChainEvent[], runtime: Runtime): ChainFailure | undefined {
  for (const { pallet, name, fields } of events) {
    if (pallet === 'System' && name === 'ExtrinsicFailed') {
      return dispatchFailure(fields.dispatch_error ?? fields['0'], runtime);
    }
  }
  for (const { pallet, name, fields } of events) {
    const field = INNER[`${pallet}.${name}`];
    if (field === undefined) continue;
    const ended = fields[field] ?? fields[field === 'error' ? '1' : '0'];
    if (field === 'error') return dispatchFailure(ended, runtime, 'inner');
    if (isRecord(ended) && ended.type === 'Err') {
      return dispatchFailure(ended.value, runtime, 'inner');
    }
  }
  return undefined;
}
