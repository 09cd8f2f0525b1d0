import { setTimeout as sleep } from 'node:timers/promises';
import { Sv72Error } from '../../errors/index.ts';
import type { LiveChain } from '../live-chain.ts';
import { asOurs } from '../node/answers.ts';
import type { Call, Chain, ChainFailure, Hex, Included, SignedInfo, SubmitOptions } from '../types.ts';
import { includedIn } from './included.ts';
import { live } from './live.ts';
import { OFFER_EVERY_BLOCKS, offerAgain } from './offer-again.ts';
import { type Found, Search } from './outcome.ts';
import { lowerFirst, send, type Watch, type Watched } from './send.ts';
import { signCall } from './sign.ts';

/** Beyond the era: time for its last block to be finalized. */
const AFTER_ERA_MS = 60_000;
/** How often the blocks are looked through, and how long nothing is heard before they are, in ms. */
const LOOK_MS = { least: 100, most: 6_000 };
const QUIET_MS = { least: 1_000, most: 30_000 };

/**
 * Signs a call, sends it and waits until it is in a finalized block. It is signed once, so it can happen once at most. A node that
 * says nothing more, drops it or is lost does not end the wait: the blocks themselves are looked through until the transaction's
 * era is over, and the same bytes are given to the node again every few blocks.
 * @throws ERR_CHAIN_REFUSED, ERR_CHAIN_FAILED (both with `details.name`, the chain's word for it), ERR_CHAIN_EXPIRED,
 *   ERR_CHAIN_UNKNOWN_OUTCOME, ERR_CHAIN_UPGRADED, ERR_CHAIN_GENESIS, ERR_INTERRUPTED
 */
export async function submit(chain: Chain, call: Call, options: SubmitOptions): Promise<Included> {
  const here = live(chain);
  const { until = 'finalized', signal, onStatus = () => undefined } = options;
  const info = await signCall(here, call, options);
  await options.onSigned?.(info);
  refuseWhenAborted(signal, 'Interrupted before anything was sent.');
  const timeoutMs = options.timeoutMs ?? (info.death - info.birth.number) * here.blockMs + AFTER_ERA_MS;
  const deadline = performance.now() + timeoutMs;
  const watch = await send(here, info, until, onStatus).catch((error: unknown) => {
    throw error instanceof Sv72Error && error.code !== 'ERR_CHAIN_REFUSED'
      ? unknownOutcome(info, error)
      : error;
  });
  const ended = new AbortController();
  let announced = false;
  const onSearching = (reason: string) => {
    if (!announced) onStatus({ kind: 'searching', reason });
    announced = true;
  };
  try {
    for (let heard = true; ; heard = false) {
      const search = searched(here, info, {
        watch,
        until,
        deadline,
        signal: ended.signal,
        onSearching,
        onStatus,
      });
      // Whoever loses the race may fail later, when the chain is closed.
      search.catch(() => undefined);
      const found = await Promise.race([
        ...(heard ? [watch.watched.then(fromWatch)] : []),
        search,
        interrupted(info, signal, ended.signal),
      ]);
      if (found.kind === 'never') throw expired(info);
      if (found.kind !== 'found') throw unknownOutcome(info, undefined);
      const one = await includedIn(here, found.block, info, found.finalized).catch(whenUnreachable);
      if (one && 'reason' in one) {
        if (performance.now() >= deadline) throw unknownOutcome(info, undefined);
        continue;
      }
      if (one?.failure) throw failed(one.included, one.failure, call);
      if (one) return one.included;
      // Reorganised away between the word and the look, or not yet at the endpoint that was failed over to.
    }
  } catch (error) {
    throw certain(asOurs(error, 'the transaction'), info);
  } finally {
    ended.abort();
    watch.stop();
  }
}

function fromWatch(told: Watched): Promise<Found> | Found {
  // Nothing more to be heard: the search decides.
  if (told.kind === 'search') return new Promise<Found>(() => undefined);
  return { kind: 'found', block: told.block, finalized: told.kind === 'finalized' };
}

interface SearchOptions {
  readonly watch: Watch;
  readonly until: 'finalized' | 'in-block';
  readonly deadline: number;
  readonly signal: AbortSignal;
  readonly onSearching: (reason: string) => void;
  readonly onStatus: NonNullable<SubmitOptions['onStatus']>;
}

/**
 * Looks through the blocks once the node was quiet for some blocks or gave up, and gives it the transaction again now and then; until
 * there is an answer or the time is over.
 */
async function searched(chain: LiveChain, info: SignedInfo, options: SearchOptions): Promise<Found> {
  const { watch, until, deadline, signal, onSearching, onStatus } = options;
  const between = (ms: number, { least, most }: { least: number; most: number }) =>
    Math.min(most, Math.max(least, ms));
  const quiet = between(2 * chain.blockMs, QUIET_MS);
  const search = new Search(chain, info);
  const offerEvery = OFFER_EVERY_BLOCKS * between(chain.blockMs, LOOK_MS);
  let offered = performance.now();
  let given: string | undefined;
  void watch.watched.then((told) => {
    if (told.kind === 'search') given = told.reason;
  });
  for (;;) {
    await pause(between(chain.blockMs / 2, LOOK_MS), signal);
    if (given === undefined && performance.now() - watch.lastHeard() < quiet && performance.now() < deadline)
      continue;
    onSearching(given ?? 'the node has said nothing about it for a while');
    const found = await search.look(until === 'in-block').catch(whenUnreachable);
    if (found.kind === 'found' || found.kind === 'never') return found;
    if (performance.now() >= deadline) return found;
    if (performance.now() - offered < offerEvery) continue;
    if (await offerAgain(chain, info.hex)) onStatus({ kind: 'sent-again' });
    offered = performance.now();
  }
}

/** An endpoint that cannot be asked now, or serves another chain, may be there again before the time is over. */
function whenUnreachable(error: unknown): Extract<Found, { kind: 'unknown' }> {
  const known = asOurs(error, 'the transaction');
  if (
    known instanceof Sv72Error &&
    /^ERR_CHAIN_(UNREACHABLE|TIMEOUT|RATE_LIMITED|GENESIS)$/.test(known.code)
  ) {
    return { kind: 'unknown', reason: known.message };
  }
  throw error;
}

/** What is known for certain of something that was sent. */
const CERTAIN = ['ERR_CHAIN_FAILED', 'ERR_CHAIN_EXPIRED', 'ERR_CHAIN_UNKNOWN_OUTCOME', 'ERR_INTERRUPTED'];

/** The error; of any other kind only that nobody knows: who reads it as "nothing happened" would pay twice. */
function certain(error: unknown, info: SignedInfo): unknown {
  return error instanceof Sv72Error && !CERTAIN.includes(error.code) ? unknownOutcome(info, error) : error;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
  // The race is over; this never settles, and nothing holds it.
  if (signal.aborted) await new Promise<never>(() => undefined);
}

function interrupted(info: SignedInfo, signal: AbortSignal | undefined, ended: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () =>
      reject(
        new Sv72Error('ERR_INTERRUPTED', 'Interrupted after the transaction was sent; it may still happen.', {
          next: 'Run the same command again: it looks for the transaction first.',
          details: facts(info),
        }),
      );
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop, { once: true });
    ended.addEventListener('abort', () => signal?.removeEventListener('abort', stop), { once: true });
  });
}

function refuseWhenAborted(signal: AbortSignal | undefined, message: string): void {
  if (signal?.aborted) throw new Sv72Error('ERR_INTERRUPTED', message);
}

function failed(included: Included, failure: ChainFailure, call: Call): Sv72Error {
  const { block, extrinsicIndex, fee, hash } = included;
  return new Sv72Error(
    'ERR_CHAIN_FAILED',
    `${call.pallet}.${call.name} came into block ${block.number} and failed there: ${lowerFirst(failure.meaning)}`,
    {
      next: failure.next,
      details: {
        name: failure.name,
        pallet: failure.pallet ?? null,
        channel: failure.channel,
        code: failure.code,
        block: block.number,
        block_hash: block.hash,
        extrinsic_index: extrinsicIndex,
        extrinsic_hash: hash,
        fee_rao: fee.toString(),
      },
    },
  );
}

function facts(info: SignedInfo): { extrinsic_hash: Hex; nonce: number; valid_until_block: number } {
  return { extrinsic_hash: info.hash, nonce: info.nonce, valid_until_block: info.death - 1 };
}

function expired(info: SignedInfo): Sv72Error {
  return new Sv72Error(
    'ERR_CHAIN_EXPIRED',
    'The transaction was sent but came into no block while it was valid; it did not happen and can no longer happen.',
    { details: facts(info) },
  );
}

function unknownOutcome(info: SignedInfo, cause: unknown): Sv72Error {
  return new Sv72Error(
    'ERR_CHAIN_UNKNOWN_OUTCOME',
    `The transaction ${info.hash} was sent, and it could not be found out whether it happened; it can until block ${info.death - 1}.`,
    { details: facts(info), cause },
  );
}
