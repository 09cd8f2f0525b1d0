import { ss58Encode } from '../../wallet/index.ts';
import { fromHex, toHex } from '../codec/hex.ts';
import { hexAnswer, isObject, unknownForm } from '../node/answers.ts';
import { asBigInt, fieldOf } from '../plain.ts';
import type { Call, Chain } from '../types.ts';
import { signedExtrinsic } from './extrinsic.ts';
import { live } from './live.ts';

/**
 * Fee of a call in rao by the node's own account (TransactionPaymentApi.query_info), which signs nothing: the public key is enough.
 * 0n: the call is free.
 */
export async function estimateFee(chain: Chain, call: Call, signerPublicKey: Uint8Array): Promise<bigint> {
  const here = live(chain);
  const { runtime } = here;
  const [nonce, birth] = await Promise.all([here.nextNonce(ss58Encode(signerPublicKey)), here.head()]);
  const terms = { genesis: here.identity.genesisHash, nonce, birth, period: 64 };
  // Not zeros: the library takes an extrinsic with an empty signature for an unsigned one, which is shorter.
  const signature = new Uint8Array(64).fill(1);
  const signed = { publicKey: signerPublicKey, signature, scheme: 'sr25519' as const };
  const extrinsic = signedExtrinsic(runtime, call.hex, terms, signed);
  if (!runtime.has.runtimeApi('TransactionPaymentApi', 'query_info')) {
    const info = await here.rpc('payment_queryInfo', [toHex(extrinsic)]);
    if (!isObject(info)) throw unknownForm('the fee');
    return BigInt(String(info.partialFee));
  }
  const length = Buffer.alloc(4);
  length.writeUInt32LE(extrinsic.length);
  const args = new Uint8Array(Buffer.concat([extrinsic, length]));
  const answer = await here.rpc('state_call', ['TransactionPaymentApi_query_info', toHex(args)]);
  const info = runtime.decodeApi(
    'TransactionPaymentApi',
    'query_info',
    fromHex(hexAnswer(answer, 'the fee')),
  );
  return asBigInt(fieldOf(info, 'partial_fee', 'the fee'), 'the fee');
}
