import type { Block } from '../chain/block.ts';
import type { Chain } from '../chain/chain.ts';
import { callInfo, feeFor } from '../chain/execute.ts';
import { decodeExtrinsic, type Extrinsic } from '../chain/extrinsic.ts';
import { weightFee } from '../chain/fees.ts';
import type { Refusal, Validity } from '../chain/validity.ts';
import type { ChainState, Hex, Plain, PlainCall } from '../model.ts';
import type { ApiMethod } from '../runtime-image.ts';
import { concat, fromHex, Reader, Writer } from '../scale/bytes.ts';
import { RpcError } from './error.ts';

interface Call<W extends ChainState> {
  readonly chain: Chain<W>;
  readonly block: Block<W>;
  readonly state: W;
  readonly args: readonly Plain[];
  readonly data: Uint8Array;
}

/**
 * `state_call`: runs a runtime API at a block.
 * @throws RpcError as a node does for an unknown function, and where its runtime would trap
 */
export function callRuntime<W extends ChainState>(
  chain: Chain<W>,
  block: Block<W>,
  state: W,
  name: string,
  data: Uint8Array,
): Uint8Array {
  const method = block.image.apiMethod(name);
  if (method === undefined)
    throw new RpcError(4003, `Client error: Execution failed: Other: Exported method ${name} is not found`);
  const raw = RAW[name];
  try {
    if (raw !== undefined) return raw(chain, block, data);
    const { codec } = block.image;
    const reader = new Reader(data);
    const args = method.inputs.map((input) => codec.read(reader, input.type));
    const own = OWN[name] as ((call: Call<W>) => Plain) | undefined;
    const key = `${method.api}.${method.name}`;
    const answer = own ?? (({ args: given }: Call<W>) => modelled(chain, block, state, key, given));
    return codec.encode(method.output, answer({ chain, block, state, args, data }));
  } catch (error) {
    if (error instanceof RpcError) throw error;
    throw trap(name, error as Error, method);
  }
}

function modelled<W extends ChainState>(
  chain: Chain<W>,
  block: Block<W>,
  state: W,
  key: string,
  args: readonly Plain[],
): Plain {
  const found = chain.runtimeApis[key];
  if (found === undefined)
    throw new RpcError(4003, `Client error: ${key} is not modelled by this test chain`);
  return found(state, args, block.image.features);
}

function trap(name: string, error: Error, method: ApiMethod): RpcError {
  return new RpcError(
    4003,
    `Client error: Execution failed: Execution aborted due to trap: wasm trap: wasm \`unreachable\` instruction executed`,
    `${name}(${method.inputs.map((input) => input.name).join(', ')}): ${error.message}`,
  );
}

/** APIs whose bytes are easier by hand than by type. */
const RAW: Readonly<
  Record<string, <W extends ChainState>(chain: Chain<W>, block: Block<W>, data: Uint8Array) => Uint8Array>
> = {
  Metadata_metadata: (_chain, { image }) => opaque(image.encoded(14)),
  Metadata_metadata_versions: (_chain, { image: { metadataVersions } }) => {
    const writer = new Writer().compact(metadataVersions.length);
    for (const version of metadataVersions) writer.u32(version);
    return writer.done();
  },
  Metadata_metadata_at_version: (_chain, { image }, data) => {
    const version = new Reader(data).u32();
    const known = image.metadataVersions.find((one) => one === version);
    if (known === undefined) return Uint8Array.of(0);
    return concat(Uint8Array.of(1), opaque(image.encoded(known)));
  },
  // Its first argument is an extrinsic without the length that others have: read it apart from the types.
  TransactionPaymentApi_query_info: (chain, { image }, data) => {
    const extrinsic = leadingExtrinsic(chain, data);
    const { weight, paysFee } = callInfo(chain.environment(image), extrinsic.signed?.signer, extrinsic.call);
    const fee = feeFor(chain.environment(image), extrinsic);
    const type = image.apiMethod('TransactionPaymentApi_query_info')?.output ?? 0;
    return image.codec.encode(type, {
      weight: { ref_time: weight, proof_size: 0 },
      class: paysFee ? 'Normal' : 'Normal',
      partial_fee: fee.total - fee.tip,
    });
  },
  TransactionPaymentApi_query_fee_details: (chain, { image }, data) => {
    const fee = feeFor(chain.environment(image), leadingExtrinsic(chain, data));
    const type = image.apiMethod('TransactionPaymentApi_query_fee_details')?.output ?? 0;
    const inclusion =
      fee.base === 0n
        ? undefined
        : { base_fee: fee.base, len_fee: fee.length, adjusted_weight_fee: fee.weight };
    return image.codec.encode(type, { inclusion_fee: inclusion });
  },
  TaggedTransactionQueue_validate_transaction: (chain, { image }, data) => {
    const extrinsic = leadingExtrinsic(chain, data.subarray(1));
    const type = image.apiMethod('TaggedTransactionQueue_validate_transaction')?.output ?? 0;
    return image.codec.encode(type, validityValue(chain.validate(extrinsic)));
  },
};

const OWN: Readonly<Record<string, <W extends ChainState>(call: Call<W>) => Plain>> = {
  Core_version: ({ block }) => block.image.constant('System', 'Version'),
  AccountNonceApi_account_nonce: ({ state, args }) => state.accounts.get(args[0] as Hex)?.nonce ?? 0,
  TransactionPaymentApi_query_weight_to_fee: ({ args }) =>
    weightFee((args[0] as { readonly ref_time: bigint }).ref_time),
  TransactionPaymentApi_query_length_to_fee: ({ args }) => BigInt(args[0] as number),
  TransactionPaymentCallApi_query_call_info: ({ chain, block, args }) => {
    const environment = chain.environment(block.image);
    const call = args[0] as PlainCall;
    const { weight } = callInfo(environment, undefined, call);
    return { weight: { ref_time: weight, proof_size: 0 }, class: 'Normal', partial_fee: weightFee(weight) };
  },
  AuraApi_slot_duration: ({ block }) => block.image.constant('Aura', 'SlotDuration'),
};

/** The extrinsic at the start of `data`, whose length prefix says where it ends. */
function leadingExtrinsic<W extends ChainState>(chain: Chain<W>, data: Uint8Array): Extrinsic {
  const reader = new Reader(data);
  const end = reader.length() + reader.offset;
  if (end > data.length) throw new RangeError('the extrinsic is longer than the data');
  return decodeExtrinsic(chain.image, data.subarray(0, end));
}

function opaque(hex: Hex): Uint8Array {
  const bytes = fromHex(hex);
  return new Writer().compact(bytes.length).put(bytes).done();
}

function validityValue(validity: Validity): Plain {
  if (validity.valid !== undefined) return { Ok: { ...validity.valid, propagate: true } };
  return { Err: refusalValue(validity.refusal) };
}

export function refusalValue(refusal: Refusal): Plain {
  const value = 'code' in refusal ? { Custom: refusal.code } : refusal.name;
  return refusal.kind === 'invalid' ? { Invalid: value } : { Unknown: value };
}
