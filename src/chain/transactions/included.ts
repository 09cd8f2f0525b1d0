import { isHex } from '../codec/hex.ts';
import { failureOf } from '../errors/dispatch.ts';
import type { LiveChain } from '../live-chain.ts';
import { isObject, unknownForm } from '../node/answers.ts';
import { headOf } from '../node/header.ts';
import type { ChainEvent, ChainFailure, Hex, Included, SignedInfo } from '../types.ts';

/** Position of an extrinsic in a block, and the block's number; undefined when it is not in it, or the node has no such block. */
export async function placeIn(
  chain: LiveChain,
  block: Hex,
  info: Pick<SignedInfo, 'hex'>,
): Promise<{ readonly number: number; readonly index: number } | undefined> {
  const answer = await chain.rpc('chain_getBlock', [block]);
  if (answer === null) return undefined;
  const found = isObject(answer) && isObject(answer.block) ? answer.block : undefined;
  if (!found || !Array.isArray(found.extrinsics)) throw unknownForm('a block');
  const index = found.extrinsics.findIndex((one) => isHex(one) && one.toLowerCase() === info.hex);
  return index === -1 ? undefined : { number: headOf(found.header, chain.runtime).number, index };
}

/** What the block says about an extrinsic that is in it. */
export async function includedIn(
  chain: LiveChain,
  block: Hex,
  info: SignedInfo,
  finalized: boolean,
): Promise<{ readonly included: Included; readonly failure: ChainFailure | undefined } | undefined> {
  const place = await placeIn(chain, block, info);
  if (place === undefined) return undefined;
  const { runtime } = await chain.at(block);
  const events = (await chain.events(block)).filter(({ extrinsic }) => extrinsic === place.index);
  const included: Included = {
    hash: info.hash,
    block: { hash: block, number: place.number },
    extrinsicIndex: place.index,
    events,
    fee: feePaid(events),
    finalized,
  };
  return { included, failure: failureOf(events, runtime) };
}

/** Fee in rao by TransactionFeePaid (tip included), which calls that are free do not have. */
function feePaid(events: readonly ChainEvent[]): bigint {
  const paid = events.find(
    ({ pallet, name }) => pallet === 'TransactionPayment' && name === 'TransactionFeePaid',
  );
  const fee = paid?.fields.actual_fee ?? paid?.fields['1'];
  return typeof fee === 'bigint' ? fee : 0n;
}
