import type { Rao } from '../../amount/index.ts';
import { Sv72Error } from '../../errors/index.ts';
import { readAccount } from '../state/balance.ts';
import { OFFER_EVERY_BLOCKS, offerAgain } from '../transactions/offer-again.ts';
import type { Chain, Outcome, SignedInfo } from '../types.ts';
import type { JournalEntry } from './journal/index.ts';
import type { RegisterContext, RegisterNews, Target } from './request.ts';
import { eachHead } from './wait.ts';

/** What became of a registration for good. */
export type Settled =
  | Extract<Outcome, { readonly kind: 'succeeded' | 'failed' }>
  /** It is in no block and can come into none any more. */
  | { readonly kind: 'never-happened' }
  /** It can come into no block any more; what became of it the endpoint has forgotten. */
  | { readonly kind: 'over' };

/** Looks through the blocks of an extrinsic's era. */
export type LookUp = (chain: Chain, extrinsic: SignedInfo) => Promise<Outcome>;

export interface SettleOptions {
  readonly outcomeOf: LookUp;
  /** What is agreed to beforehand: an earlier registration within it is sent again now and then, in case it never was. */
  readonly ceiling?: Rao | undefined;
  /** File of the note, to name it. */
  readonly note: string;
}

/** Beyond the time that its era should take, for slow blocks and finality. */
const PATIENCE_MS = 120_000;

/**
 * Finds out what became of a registration that was signed earlier, waiting until that is certain: until it is in a finalized block,
 * or can be in none any more.
 * @throws ERR_REGISTRATION_OPEN when it stays uncertain, ERR_INTERRUPTED
 */
export async function settle(
  context: Pick<RegisterContext, 'chain' | 'onNews' | 'signal'>,
  target: Target,
  entry: JournalEntry,
  { outcomeOf, ceiling, note }: SettleOptions,
): Promise<Settled> {
  const { chain, onNews, signal } = context;
  let announced = false;
  let seen: Outcome | undefined;
  let offerAt = 0;
  const offer = async (number: number) => {
    if (seen?.kind !== 'open' || !agreesTo(entry, ceiling) || number < offerAt) return;
    offerAt = number + OFFER_EVERY_BLOCKS;
    await offerAgain(chain, entry.extrinsic.hex);
  };
  const head = await chain.head();
  const blocksLeft = Math.max(0, entry.extrinsic.death - head.number);
  const timeoutMs = blocksLeft * chain.blockMs * 2 + PATIENCE_MS;
  const settled = await eachHead(chain, { timeoutMs, signal }, async ({ number }) => {
    if (announced) onNews(waiting(chain, target, entry, number));
    // A whole search reads up to an era of blocks: done at the start, and when there is something to find.
    if (seen?.kind === 'open' && !(await mayHaveEnded(chain, entry))) {
      await offer(number);
      return undefined;
    }
    seen = await lookUp(chain, entry, outcomeOf);
    if (seen.kind === 'expired') return { kind: 'never-happened' } as const;
    if ((seen.kind === 'succeeded' || seen.kind === 'failed') && seen.finalized) return seen;
    if (seen.kind === 'unknown' && (await isOver(chain, entry))) return { kind: 'over' } as const;
    if (!announced) {
      onNews({ kind: 'unsettled', hotkey: target, entry });
      const birth = entry.extrinsic.birth.number;
      if (number < birth) onNews({ kind: 'behind', hotkey: target, note, birth, block: number });
    }
    announced = true;
    await offer(number);
    return undefined;
  });
  if (settled === undefined) {
    const reason =
      seen?.kind === 'unknown' ? seen.reason : 'no block has settled it in the time that it should take';
    throw open(target, entry, reason);
  }
  onNews({ kind: 'settled', hotkey: target, what: settled.kind });
  return settled;
}

function waiting(
  { blockMs }: Pick<Chain, 'blockMs'>,
  hotkey: Target,
  { extrinsic }: JournalEntry,
  block: number,
): RegisterNews {
  const blocksLeft = Math.max(0, extrinsic.death - block);
  return { kind: 'waiting', hotkey, block, blocksLeft, msLeft: blocksLeft * blockMs };
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

/** Whether there may be something new to find: the signer's nonce was used, or the era is over. */
async function mayHaveEnded(chain: Chain, { extrinsic }: JournalEntry): Promise<boolean> {
  const [{ nonce }, finalized] = await Promise.all([
    readAccount(chain, extrinsic.signer),
    chain.finalizedHead(),
  ]);
  return nonce > extrinsic.nonce || finalized.number >= extrinsic.death - 1;
}

/** Whether it can come into no block any more, by finalized blocks alone. */
async function isOver(chain: Chain, { extrinsic }: JournalEntry): Promise<boolean> {
  const finalized = await chain.finalizedHead();
  if (finalized.number >= extrinsic.death - 1) return true;
  const { nonce } = await readAccount(await chain.at(finalized.hash), extrinsic.signer);
  return nonce > extrinsic.nonce;
}

/** Whether what was signed then is within what is agreed to now. */
function agreesTo(entry: JournalEntry, ceiling: Rao | undefined): boolean {
  return entry.ceiling !== undefined && ceiling !== undefined && entry.ceiling <= ceiling;
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
