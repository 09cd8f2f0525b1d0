import { Sv72Error } from '../../errors/index.ts';
import { fromHex, toHex } from '../codec/hex.ts';
import { customFailure, failure } from '../errors/explain.ts';
import { hexAnswer } from '../node/answers.ts';
import { asNumber, asVariant, isRecord } from '../plain.ts';
import type { Call, Chain, ChainFailure, DryRun, Plain, SubmitOptions } from '../types.ts';
import { live } from './live.ts';
import { signCall } from './sign.ts';

/** TransactionSource::External: as if it came from outside. */
const EXTERNAL = 2;
const API = 'TaggedTransactionQueue';

/**
 * Signs as `submit` does and lets the node's runtime check the result (TaggedTransactionQueue.validate_transaction) without sending it.
 * Only what the pool checks is checked: signature, nonce, era, fee, and what the runtime's extensions refuse.
 */
export async function dryRun(
  chain: Chain,
  call: Call,
  options: Pick<SubmitOptions, 'signer' | 'eraBlocks'>,
): Promise<DryRun> {
  const here = live(chain);
  if (!here.has.runtimeApi(API, 'validate_transaction')) {
    throw new Sv72Error('ERR_CHAIN_MISSING', 'The chain cannot check a transaction without sending it.');
  }
  const info = await signCall(here, call, options);
  const { hash } = await here.head();
  const args = new Uint8Array(Buffer.concat([Uint8Array.of(EXTERNAL), fromHex(info.hex), fromHex(hash)]));
  const what = 'the check of the transaction';
  const answer = await here.rpc('state_call', [`${API}_validate_transaction`, toHex(args), hash]);
  const validity = asVariant(
    here.runtime.decodeApi(API, 'validate_transaction', fromHex(hexAnswer(answer, what))),
    what,
  );
  return validity.type === 'Ok'
    ? { valid: true, info }
    : { valid: false, info, failure: invalidity(validity.value) };
}

/** TransactionValidityError: Invalid or Unknown, and which. */
function invalidity(error: Plain): ChainFailure {
  const kind = isRecord(error) ? error.value : undefined;
  const { type, value } = asVariant(kind, 'why the transaction is not valid');
  return type === 'Custom' ? customFailure(asNumber(value, 'a custom error')) : failure('pool', type);
}
