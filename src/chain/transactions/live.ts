import { Sv72Error } from '../../errors/index.ts';
import { LiveChain } from '../live-chain.ts';
import type { Chain } from '../types.ts';

/** The chain as `connectChain` made it; transactions need more of it than its readers do. */
export function live(chain: Chain): LiveChain {
  if (chain instanceof LiveChain) return chain;
  throw new Sv72Error('ERR_BUG', 'A transaction needs a chain that was made by connectChain.');
}
