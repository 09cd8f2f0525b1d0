import {
  type CallContext,
  type CallTable,
  type ChainEvent,
  type ChainState,
  DispatchFailure,
  type Hex,
  type PlainCall,
} from '../model.ts';
import type { RuntimeImage } from '../runtime-image.ts';
import type { Extrinsic } from './extrinsic.ts';
import { DEFAULT_WEIGHT, type Fee, feeOf } from './fees.ts';

/** Everything that running a call needs besides the world. */
export interface Environment<W extends ChainState> {
  readonly calls: CallTable<W>;
  readonly image: RuntimeImage;
  /** The block being built. */
  readonly block: number;
  blockHash(number: number): Hex | undefined;
}

export interface CallInfo {
  readonly weight: bigint;
  readonly paysFee: boolean;
}

export function context<W extends ChainState>(
  environment: Environment<W>,
  signer: Hex | undefined,
  call: PlainCall,
): CallContext<W> {
  return {
    signer,
    args: call.args,
    block: environment.block,
    features: environment.image.features,
    blockHash: (number) => environment.blockHash(number),
    dispatch: (world, inner, innerCall) => dispatch(environment, world, inner, innerCall),
  };
}

export function callInfo<W extends ChainState>(
  environment: Environment<W>,
  signer: Hex | undefined,
  call: PlainCall,
): CallInfo {
  const handler = environment.calls[`${call.pallet}.${call.name}`];
  const weight = handler?.weight?.(context(environment, signer, call)) ?? DEFAULT_WEIGHT;
  const pays = handler?.paysFee ?? true;
  return { weight, paysFee: typeof pays === 'function' ? pays(environment.image.features) : pays };
}

export function feeFor<W extends ChainState>(environment: Environment<W>, extrinsic: Extrinsic): Fee {
  const { signed, call, length } = extrinsic;
  const { weight, paysFee } = callInfo(environment, signed?.signer, call);
  return feeOf(environment.image, length, weight, paysFee, signed?.tip ?? 0n);
}

/** Who pays the fee: the signer, unless the call says otherwise. */
export function feePayer<W extends ChainState>(
  environment: Environment<W>,
  world: Readonly<W>,
  signer: Hex,
  call: PlainCall,
): Hex {
  const handler = environment.calls[`${call.pallet}.${call.name}`];
  return handler?.feePayer?.(world, context(environment, signer, call)) ?? signer;
}

/** Runs a call; on failure the world is as before. A mistake of the model (any other exception) is not caught. */
export function dispatch<W extends ChainState>(
  environment: Environment<W>,
  world: W,
  signer: Hex | undefined,
  call: PlainCall,
): ReturnType<CallContext<W>['dispatch']> {
  const handler = environment.calls[`${call.pallet}.${call.name}`];
  if (handler === undefined) return { events: [], error: new DispatchFailure({ kind: 'other' }) };
  const before = structuredClone(world);
  try {
    return { events: handler.dispatch(world, context(environment, signer, call)) };
  } catch (error) {
    if (!(error instanceof DispatchFailure)) throw error;
    Object.assign(world, before);
    return { events: [], error: known(environment.image, error) };
  }
}

/** Older runtimes spell some errors otherwise. */
const OLDER_NAMES: Readonly<Record<string, string>> = {
  'SubtensorModule.SubnetNotExists': 'SubNetworkDoesNotExist',
  'SubtensorModule.InsufficientTaoBalance': 'InsufficientBalance',
};

function known(image: RuntimeImage, failure: DispatchFailure): DispatchFailure {
  const { error } = failure;
  if (error.kind !== 'module' || image.features.error(error.pallet, error.name)) return failure;
  const name = OLDER_NAMES[`${error.pallet}.${error.name}`];
  if (name === undefined || !image.features.error(error.pallet, name))
    throw new Error(`this runtime has no error ${error.pallet}.${error.name}`);
  return new DispatchFailure({ ...error, name });
}

export interface Applied {
  readonly events: readonly ChainEvent[];
  readonly fee: Fee;
  readonly error: DispatchFailure | undefined;
}

/** Applies a signed extrinsic that was found valid: nonce, fee, call, and the events in a node's order. */
export function applyExtrinsic<W extends ChainState>(
  environment: Environment<W>,
  world: W,
  extrinsic: Extrinsic,
): Applied {
  const { signed, call } = extrinsic;
  if (signed === undefined) throw new Error('only signed extrinsics are applied here');
  const info = callInfo(environment, signed.signer, call);
  const fee = feeOf(environment.image, extrinsic.length, info.weight, info.paysFee, signed.tip);
  const payer = feePayer(environment, world, signed.signer, call);
  account(world, signed.signer).nonce += 1;
  const events: ChainEvent[] = [];
  if (fee.total > 0n) {
    account(world, payer).free -= fee.total;
    events.push({ pallet: 'Balances', name: 'Withdraw', data: { who: payer, amount: fee.total } });
  }
  const result = dispatch(environment, world, signed.signer, call);
  events.push(...result.events);
  // Emitted for free calls too, with a fee of zero, as the pallet does.
  events.push({
    pallet: 'TransactionPayment',
    name: 'TransactionFeePaid',
    data: { who: payer, actual_fee: fee.total, tip: signed.tip },
  });
  const dispatchInfo = {
    weight: { ref_time: info.weight, proof_size: 0 },
    class: 'Normal',
    pays_fee: info.paysFee ? 'Yes' : 'No',
  };
  events.push(
    result.error === undefined
      ? { pallet: 'System', name: 'ExtrinsicSuccess', data: { dispatch_info: dispatchInfo } }
      : {
          pallet: 'System',
          name: 'ExtrinsicFailed',
          data: { dispatch_error: result.error.error, dispatch_info: dispatchInfo },
        },
  );
  return { events, fee, error: result.error };
}

function account(world: ChainState, key: Hex) {
  const known = world.accounts.get(key);
  if (known !== undefined) return known;
  const made = { free: 0n, reserved: 0n, nonce: 0 };
  world.accounts.set(key, made);
  return made;
}
