import { Sv72Error } from '../../errors/index.ts';
import type { LiveChain } from '../live-chain.ts';
import { State } from '../node/state.ts';
import { asNumber, fieldOf } from '../plain.ts';
import type { Chain, Hex, Outcome, SignedInfo } from '../types.ts';
import { includedIn, placeIn } from './included.ts';
import { live } from './live.ts';

/** Looks block by block for one extrinsic, each finalized block once. */
export class Search {
  readonly #chain: LiveChain;
  readonly #info: SignedInfo;
  #next: number;

  constructor(chain: LiveChain, info: SignedInfo) {
    this.#chain = chain;
    this.#info = info;
    this.#next = info.birth.number + 1;
  }

  /**
   * Where it is by now.
   * @param best whether blocks that are not finalized yet count too
   */
  async look(best: boolean): Promise<Found> {
    const { death, nonce, signer } = this.#info;
    const finalized = await this.#chain.finalizedHead();
    const used = await this.#nonceAt(finalized.hash, signer);
    if (used > nonce) {
      // Some transaction of that number happened: this one, or another that took its place.
      for (; this.#next <= Math.min(finalized.number, death - 1); this.#next++) {
        const block = await this.#chain.blockHash(this.#next);
        if (block === undefined) return { kind: 'unknown', reason: `the node has no block ${this.#next}` };
        if (await this.#has(block)) return { kind: 'found', block, finalized: true };
      }
      // Said only when it is in no later block either: for whoever would pay again, being wrong here is the worst.
      return (await this.#amongBest(finalized.number)) ?? { kind: 'never' };
    }
    if (finalized.number >= death - 1) return { kind: 'never' };
    const unsure = best ? await this.#amongBest(finalized.number) : undefined;
    return unsure ?? { kind: 'open', finalized: finalized.number };
  }

  async #amongBest(finalized: number): Promise<Found | undefined> {
    const { number } = await this.#chain.head();
    const from = Math.max(finalized, this.#info.birth.number) + 1;
    for (let height = Math.min(number, this.#info.death - 1); height >= from; height--) {
      const block = await this.#chain.blockHash(height);
      if (block !== undefined && (await this.#has(block))) return { kind: 'found', block, finalized: false };
    }
    return undefined;
  }

  async #has(block: Hex): Promise<boolean> {
    return (await placeIn(this.#chain, block, this.#info)) !== undefined;
  }

  async #nonceAt(hash: Hex, signer: string): Promise<number> {
    const state = new State(this.#chain.connection, this.#chain.runtime, hash);
    const account = await state.storage('System', 'Account', signer);
    return asNumber(fieldOf(account, 'nonce', 'System.Account'), 'a nonce');
  }
}

export type Found =
  | { readonly kind: 'found'; readonly block: Hex; readonly finalized: boolean }
  /** It did not happen and cannot happen any more. */
  | { readonly kind: 'never' }
  | { readonly kind: 'open'; readonly finalized: number }
  | { readonly kind: 'unknown'; readonly reason: string };

/**
 * What became of an extrinsic that was sent some time ago, by the signer's nonce and the blocks of its era.
 * @throws ERR_CHAIN_GENESIS when it was signed for another chain
 */
export async function outcomeOf(chain: Chain, info: SignedInfo): Promise<Outcome> {
  const here = live(chain);
  if (info.genesisHash !== here.identity.genesisHash) {
    throw new Sv72Error('ERR_CHAIN_GENESIS', 'The transaction was signed for another chain than this one.', {
      details: { found: here.identity.genesisHash, wanted: info.genesisHash },
    });
  }
  const found = await new Search(here, info).look(true);
  switch (found.kind) {
    case 'never':
      return { kind: 'expired' };
    case 'open':
      return { kind: 'open', death: info.death, finalized: found.finalized };
    case 'unknown':
      return found;
    case 'found':
      return await told(here, info, found);
  }
}

/** Events need the block's state, which a node that is no archive forgets after some hundred blocks. */
async function told(
  chain: LiveChain,
  info: SignedInfo,
  { block, finalized }: Extract<Found, { kind: 'found' }>,
): Promise<Outcome> {
  try {
    const one = await includedIn(chain, block, info, finalized);
    if (one === undefined) return { kind: 'unknown', reason: 'the block was reorganised away' };
    const { included, failure } = one;
    return failure ? { kind: 'failed', failure, ...included } : { kind: 'succeeded', ...included };
  } catch (error) {
    if (!(error instanceof Sv72Error) || error.code !== 'ERR_CHAIN_RPC') throw error;
    return { kind: 'unknown', reason: `it is in block ${block}, whose events the node no longer has` };
  }
}
