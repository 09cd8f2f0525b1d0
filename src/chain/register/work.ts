import { Sv72Error } from '../../errors/index.ts';
import { ss58Decode } from '../../wallet/index.ts';
import { mine, type Proof } from './pow/index.ts';
import type { RegisterContext, Registered } from './request.ts';
import { type SendOptions, sendRegistration } from './send.ts';
import { readLastPowBlock } from './survey.ts';

export interface PowOptions {
  /** One a core unless told otherwise. */
  readonly threads?: number | undefined;
  readonly timeoutMs: number;
}

/** A proof that old would be refused before it comes into a block: the chain takes three blocks. */
const FRESH_BLOCKS = 2;
const ATTEMPTS = 3;

/** What a proof is refused with when it came too late: another one may do. */
const TOO_LATE: readonly unknown[] = [
  'InvalidWorkBlock',
  'InvalidDifficulty',
  'TooManyRegistrationsThisBlock',
];

/**
 * Registers by proof of work: searches, sends while the proof is fresh, and searches again when it came too late.
 * @throws as `mine` and `sendRegistration`
 */
export async function sendWithWork(
  context: RegisterContext,
  options: Omit<SendOptions, 'wanted'> & { readonly netuid: number; readonly pow: PowOptions },
): Promise<Registered> {
  const { netuid, target } = options;
  for (let attempt = 1; ; attempt++) {
    const proof = await freshProof(context, options);
    try {
      const wanted = { way: 'pow', netuid, hotkey: target.ss58, proof } as const;
      return await sendRegistration(context, { ...options, wanted });
    } catch (error) {
      const again = error instanceof Sv72Error && TOO_LATE.includes(error.details.name);
      if (!again || attempt === ATTEMPTS) throw error;
    }
  }
}

async function freshProof(
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
