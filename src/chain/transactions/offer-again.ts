import { Sv72Error } from '../../errors/index.ts';
import type { Chain, Hex } from '../types.ts';

/** A node forgets what its pool has no room for, without a word; after so many blocks without an answer it is given it again. */
export const OFFER_EVERY_BLOCKS = 3;

/**
 * Gives the very same bytes to a node again. With their nonce they can happen once only, whatever happened to them before.
 * @returns whether the node took them as something new; false when it has them already, does not want them, or cannot be asked
 */
export async function offerAgain(chain: Pick<Chain, 'rpc'>, extrinsic: Hex): Promise<boolean> {
  try {
    await chain.rpc('author_submitExtrinsic', [extrinsic]);
    return true;
  } catch (error) {
    // "Already imported", "outdated", "temporarily banned" or anything else: the blocks will tell.
    if (!(error instanceof Sv72Error)) throw error;
    return false;
  }
}
