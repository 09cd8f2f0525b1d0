import { Sv72Error } from '../../errors/index.ts';
import { asBigInt, fieldOf } from '../plain.ts';
import type { Chain, Outcome, SignedInfo } from '../types.ts';
import type { JournalEntry } from './journal/index.ts';
import type { RegisterContext, Target } from './request.ts';
import { eachHead } from './wait.ts';

/** What became of a registration for good. */
export type Settled =
  | Extract<Outcome, { readonly kind: 'succeeded' | 'failed' }>
  /** It is in no block and can come into none any more. */
  | { readonly kind: 'never-happened' };

/** Looks through the blocks of an extrinsic's era. */
export type LookUp = (chain: Chain, extrinsic: SignedInfo) => Promise<Outcome>;

/** Beyond the time that its era should take, for slow blocks and finality. */
const PATIENCE_MS = 120_000;

/**
 * Finds out what became of a registration that was signed earlier, waiting until that is certain: until it is in a finalized block,
 * or can be in none any more.
 * @param outcomeOf looks through the blocks of its era
 * @throws ERR_REGISTRATION_OPEN when it stays uncertain, ERR_INTERRUPTED
 */
export async function settle(
  context: Pick<RegisterContext, 'chain' | 'onNews' | 'signal'>,
  target: Target,
  entry: JournalEntry,
  outcomeOf: LookUp,
): Promise<Settled> {
  const { chain, onNews, signal } = context;
  let announced = false;
  let seen: Outcome | undefined;
  const head = await chain.head();
  const blocksLeft = Math.max(0, entry.extrinsic.death - head.number);
  const timeoutMs = blocksLeft * chain.blockMs * 2 + PATIENCE_MS;
  const settled = await eachHead(chain, { timeoutMs, signal }, async () => {
    // A whole search reads up to an era of blocks: done at the start, and when there is something to find.
    if (seen?.kind === 'open' && !(await mayHaveEnded(chain, entry))) return undefined;
    seen = await lookUp(chain, entry, outcomeOf);
    if (seen.kind === 'expired') return { kind: 'never-happened' } as const;
    if ((seen.kind === 'succeeded' || seen.kind === 'failed') && seen.finalized) return seen;
    if (seen.kind === 'unknown') throw open(target, entry, seen.reason);
    if (!announced) onNews({ kind: 'unsettled', hotkey: target, entry });
    announced = true;
    return undefined;
  });
  if (settled === undefined) {
    const where =
      seen === undefined ? 'the endpoint did not answer' : 'the chain makes no blocks that would settle it';
    throw open(target, entry, where);
  }
  onNews({ kind: 'settled', hotkey: target, what: settled.kind });
  return settled;
}

/** As `outcomeOf`; but what was signed upon a block that the chain does not have is valid nowhere on it. */
async function lookUp(chain: Chain, entry: JournalEntry, outcomeOf: LookUp): Promise<Outcome> {
  const { birth, genesisHash } = entry.extrinsic;
  if (genesisHash !== chain.identity.genesisHash) return { kind: 'expired' };
  const finalized = await chain.finalizedHead();
  if (finalized.number >= birth.number) {
    const there = await chain.blockHash(birth.number);
    if (there !== undefined && there !== birth.hash) return { kind: 'expired' };
  }
  return await outcomeOf(chain, entry.extrinsic);
}

/** Whether the signer's nonce was used by now, or the era is over. */
async function mayHaveEnded(chain: Chain, { extrinsic }: JournalEntry): Promise<boolean> {
  const [account, finalized] = await Promise.all([
    chain.storage('System', 'Account', extrinsic.signer),
    chain.finalizedHead(),
  ]);
  const nonce = asBigInt(fieldOf(account, 'nonce', 'System.Account'), 'nonce');
  return nonce > BigInt(extrinsic.nonce) || finalized.number >= extrinsic.death;
}

function open(target: Target, { extrinsic, writtenAt }: JournalEntry, reason: string): Sv72Error {
  return new Sv72Error(
    'ERR_REGISTRATION_OPEN',
    `A registration of ${target.ss58} was signed at ${new Date(writtenAt).toISOString()}, and whether it happened cannot be found out now: ${reason}.`,
    {
      details: {
        hotkey: target.ss58,
        extrinsic: extrinsic.hash,
        signer: extrinsic.signer,
        nonce: extrinsic.nonce,
        birth: extrinsic.birth.number,
        death: extrinsic.death,
      },
    },
  );
}
