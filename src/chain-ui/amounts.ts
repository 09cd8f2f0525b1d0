import { parseTao, type Rao, rao, taoJson } from '../amount/index.ts';
import type { Included } from '../chain/index.ts';
import { Sv72Error } from '../errors/index.ts';
import type { Ask } from '../ui/index.ts';

/**
 * An amount that a flag gives, or the person.
 * @param unit what it counts: TAO, alpha
 * @throws ERR_AMOUNT, ERR_NEEDS_ANSWER
 */
export async function requiredAmount(
  given: string | undefined,
  unit: string,
  flag: string,
  ask: Ask,
): Promise<Rao> {
  const text = given ?? (await ask.text({ flag, message: `How much ${unit}:` }));
  const amount = parseTao(text.trim());
  if (amount === undefined || amount === 0n) {
    throw new Sv72Error('ERR_AMOUNT', `"${text}" is no amount of ${unit}.`);
  }
  return amount;
}

/** A sent transaction as JSON; null after a dry run. */
export function includedJson(sent: Included | undefined) {
  if (!sent) return null;
  return {
    hash: sent.hash,
    block_hash: sent.block.hash,
    block: sent.block.number,
    extrinsic: sent.extrinsicIndex,
    fee: taoJson(rao(sent.fee)),
  };
}
