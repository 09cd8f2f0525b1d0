import { type ErrorDetails, Sv72Error } from '../../errors/index.ts';
import { connectChain } from '../connect.ts';
import { asBigInt, asNumber, asString, fieldOf } from '../plain.ts';
import { submit } from '../transactions/submit.ts';
import type { BlockId, Call, Chain, ChainEvent, ChainSigner } from '../types.ts';
import { type Fork, openFork } from './fork.ts';
import { findInstallation } from './installation.ts';
import type { Rehearsal, RehearsedBalance, RehearsedCall, RehearsedSeat, RehearseOptions } from './types.ts';

const TIMEOUT_MS = 20 * 60_000;
/** Longest wait for one answer of the real endpoint. */
const ANSWER_MS = 60_000;
/** Beyond this many blocks finality has stopped, and the best block is nearer to what will happen. */
const LAG_BLOCKS = 50;

/**
 * Executes calls on a local fork of the chain as it is now: its own runtime, its own state, read as it is needed. The calls go the
 * way that real ones go (composed, put into an extrinsic, validated, executed in a block), only that the fork takes a mock
 * signature, so nothing is signed and no key is needed. Nothing is sent to the real chain.
 *
 * A call that the chain would refuse is a result, not an error.
 * @throws ERR_REHEARSE_MISSING, ERR_REHEARSE_FAILED, ERR_REHEARSE_TIMEOUT, ERR_INTERRUPTED, and what reading the chain throws
 */
export async function rehearse(chain: Chain, options: RehearseOptions): Promise<Rehearsal> {
  const { folder, onProgress, signal, timeoutMs = TIMEOUT_MS } = options;
  const installation = await findInstallation(folder);
  const block = await standing(chain);
  onProgress?.({ kind: 'forking', block });
  const limit = watchLimits(timeoutMs, signal);
  const ending = new AbortController();
  const opening = openFork({
    signal: ending.signal,
    installation,
    endpoint: chain.endpoint,
    block: block.hash,
    timeoutMs: ANSWER_MS,
    onFetched: (answers) => onProgress?.({ kind: 'fetched', answers }),
  });
  try {
    const fork = await Promise.race([opening, limit.over]);
    const executed = onFork(fork, block, options, timeoutMs).catch((error: unknown) => {
      throw asForkFailure(error);
    });
    return await Promise.race([executed, fork.broken, limit.over]);
  } finally {
    limit.stop();
    ending.abort();
    await opening.then((fork) => fork.close()).catch(() => undefined);
  }
}

/** What the fork does not answer is no fault of the chain's endpoint in general, nor of its state. */
function asForkFailure(error: unknown): unknown {
  if (!(error instanceof Sv72Error) || !error.code.startsWith('ERR_CHAIN_')) return error;
  return new Sv72Error('ERR_REHEARSE_FAILED', `The fork of the chain gave no answer: ${error.message}`, {
    details: { code: error.code, ...error.details },
    cause: error,
  });
}

/** The finalized head: no reorganisation takes it back, and every node behind a shared address knows it. */
async function standing(chain: Chain): Promise<BlockId> {
  const [best, finalized] = await Promise.all([chain.head(), chain.finalizedHead()]);
  const { hash, number } = best.number - finalized.number > LAG_BLOCKS ? best : finalized;
  return { hash, number };
}

async function onFork(
  fork: Fork,
  block: BlockId,
  { calls, signer, accounts = [signer.ss58], cacheDir = null, onProgress }: RehearseOptions,
  timeoutMs: number,
): Promise<Rehearsal> {
  const chain = await connectChain({ network: fork.endpoint, cacheDir, timeoutMs });
  try {
    const before = await balancesOf(chain, accounts);
    const done: RehearsedCall[] = [];
    for (const [index, call] of calls.entries()) {
      onProgress?.({ kind: 'executing', index });
      const one = await execute(chain, call, mockSigner(signer), timeoutMs);
      done.push(one);
      if (one.failure !== undefined) break;
    }
    const after = await balancesOf(chain, accounts);
    const balances = accounts.map((ss58, index): RehearsedBalance => {
      return { ss58, before: before[index] ?? 0n, after: after[index] ?? 0n };
    });
    return { block, calls: done, balances };
  } finally {
    await chain.close();
  }
}

async function execute(
  chain: Chain,
  call: Call,
  signer: ChainSigner,
  timeoutMs: number,
): Promise<RehearsedCall> {
  try {
    const { fee, events } = await submit(chain, call, { signer, until: 'in-block', timeoutMs });
    return { call, fee, events, seats: seatsOf(events), failure: undefined };
  } catch (error) {
    if (!(error instanceof Sv72Error)) throw error;
    if (error.code !== 'ERR_CHAIN_REFUSED' && error.code !== 'ERR_CHAIN_FAILED') throw error;
    const events = await eventsOf(chain, error.details);
    return { call, fee: feeOf(error.details), events, seats: [], failure: failureOf(error) };
  }
}

async function eventsOf(chain: Chain, { block_hash: hash, extrinsic_index: index }: ErrorDetails) {
  if (typeof hash !== 'string' || typeof index !== 'number') return [];
  const events = await chain.events(`0x${hash.slice(2)}`);
  return events.filter(({ extrinsic }) => extrinsic === index);
}

function feeOf({ fee_rao: fee }: ErrorDetails): bigint | undefined {
  return typeof fee === 'string' ? BigInt(fee) : undefined;
}

function failureOf({ code, message, next, details }: Sv72Error): NonNullable<RehearsedCall['failure']> {
  const { channel, name } = details;
  return {
    channel:
      channel === 'inner' || channel === 'dispatch'
        ? channel
        : code === 'ERR_CHAIN_FAILED'
          ? 'dispatch'
          : 'pool',
    name: typeof name === 'string' ? name : 'Unknown',
    meaning: message,
    next,
  };
}

function seatsOf(events: readonly ChainEvent[]): RehearsedSeat[] {
  return events
    .filter(({ pallet, name }) => pallet === 'SubtensorModule' && name === 'NeuronRegistered')
    .map(({ fields }) => ({
      netuid: asNumber(fields['0'], 'the netuid of a registration'),
      uid: asNumber(fields['1'], 'the UID of a registration'),
      hotkey: asString(fields['2'], 'the hotkey of a registration'),
    }));
}

async function balancesOf(chain: Chain, accounts: readonly string[]): Promise<bigint[]> {
  const what = 'an account';
  const entries = await Promise.all(accounts.map((ss58) => chain.storage('System', 'Account', ss58)));
  return entries.map((entry) => asBigInt(fieldOf(fieldOf(entry, 'data', what), 'free', what), what));
}

/** What chopsticks takes for anybody's signature: 0xdeadbeef, then 0xcd to the end. */
function mockSigner({ ss58, publicKey }: RehearseOptions['signer']): ChainSigner {
  const signature = new Uint8Array(64).fill(0xcd);
  signature.set([0xde, 0xad, 0xbe, 0xef]);
  return { ss58, publicKey, cryptoType: 'sr25519', sign: () => signature };
}

function watchLimits(timeoutMs: number, signal: AbortSignal | undefined) {
  const over = Promise.withResolvers<never>();
  // It may come when nobody waits any more.
  over.promise.catch(() => {});
  const timer = setTimeout(() => {
    const minutes = Math.round(timeoutMs / 6_000) / 10;
    over.reject(
      new Sv72Error('ERR_REHEARSE_TIMEOUT', `The rehearsal was not over after ${minutes} minutes.`),
    );
  }, timeoutMs);
  const abort = () =>
    over.reject(new Sv72Error('ERR_INTERRUPTED', 'Interrupted during the rehearsal; nothing was sent.'));
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort, { once: true });
  return {
    over: over.promise,
    stop: () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    },
  };
}
