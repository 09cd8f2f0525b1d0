import { Sv72Error } from '../../errors/index.ts';
import { ss58Decode } from '../../wallet/index.ts';
import { mine, type Proof } from './pow/index.ts';
import type { RegisterContext, Registered } from './request.ts';
import { type SendOptions, sendRegistration } from './send.ts';
import { readLastPowBlock } from './survey.ts';
import { eachHead } from './wait.ts';

export interface PowOptions {
  /** One a core unless told otherwise. */
  readonly threads?: number | undefined;
  readonly timeoutMs: number;
}

/**
 * How far the chain's head may be beyond a proof's block: the proof comes into the block after the head at best, and may be two blocks
 * old there (subtensor, check_pow_registration).
 */
const FRESH_BLOCKS = 1;
const ATTEMPTS = 3;

/** What a proof is refused with when it came too late: another one may do. */
const TOO_LATE: readonly unknown[] = [
  'InvalidWorkBlock',
  'InvalidDifficulty',
  'TooManyRegistrationsThisBlock',
];

/**
 * What the pool says to a proof, among others, right after a block with a registration on the subnet: it sees the counters of that
 * block, which the next one's beginning resets.
 */
const NOT_IN_THIS_BLOCK = 'BadRequest';

/**
 * Registers by proof of work: searches, sends while the proof is fresh, waits a block where the pool has no room in this one, and
 * searches again when the proof came too late.
 * @throws as `mine` and `sendRegistration`
 */
export async function sendWithWork(
  context: RegisterContext,
  options: Omit<SendOptions, 'wanted'> & { readonly netuid: number; readonly pow: PowOptions },
): Promise<Registered> {
  for (let attempt = 1; ; attempt++) {
    const proof = await freshProof(context, options);
    try {
      return await sendWhileFresh(context, options, proof);
    } catch (error) {
      if (!refusedWith(error, [...TOO_LATE, NOT_IN_THIS_BLOCK]) || attempt === ATTEMPTS) throw error;
    }
  }
}

/** Sends a proof again in the next block, as long as the chain takes it, when the pool refuses it in this one. */
async function sendWhileFresh(
  context: RegisterContext,
  options: Omit<SendOptions, 'wanted'> & { readonly netuid: number },
  proof: Proof,
): Promise<Registered> {
  const { netuid, target } = options;
  for (;;) {
    const { number } = await context.chain.head();
    try {
      const wanted = { way: 'pow', netuid, hotkey: target.ss58, proof } as const;
      return await sendRegistration(context, { ...options, wanted });
    } catch (error) {
      if (!refusedWith(error, [NOT_IN_THIS_BLOCK])) throw error;
      const next = await headAfter(context, number);
      if (next === undefined || next - proof.block.number > FRESH_BLOCKS) throw error;
    }
  }
}

/** Number of the first block after that one; undefined when none comes in the time of some blocks. */
async function headAfter(
  { chain, signal }: Pick<RegisterContext, 'chain' | 'signal'>,
  block: number,
): Promise<number | undefined> {
  const timeoutMs = 3 * chain.blockMs;
  return await eachHead(chain, { timeoutMs, signal }, async ({ number }) =>
    number > block ? number : undefined,
  );
}

function refusedWith(error: unknown, names: readonly unknown[]): boolean {
  return error instanceof Sv72Error && names.includes(error.details.name);
}

/** A proof that the chain still takes. @throws as `mine` */
export async function freshProof(
  { chain, onNews, signal, now }: RegisterContext,
  options: Pick<SendOptions, 'target' | 'coldkey'> & { readonly netuid: number; readonly pow: PowOptions },
): Promise<Proof> {
  const { netuid, target, coldkey, pow } = options;
  const deadline = now() + pow.timeoutMs;
  const last = await readLastPowBlock(chain, target.ss58);
  for (;;) {
    const proof = await mine(chain, {
      netuid,
      hotkey: ss58Decode(target.ss58),
      coldkey: ss58Decode(coldkey),
      threads: pow.threads,
      timeoutMs: Math.max(1, deadline - now()),
      onProgress: (state) => onNews({ kind: 'mining', hotkey: target, ...state }),
      signal,
    });
    const head = await chain.head();
    const age = head.number - proof.block.number;
    if (age <= FRESH_BLOCKS && BigInt(proof.block.number) > last) return proof;
  }
}
