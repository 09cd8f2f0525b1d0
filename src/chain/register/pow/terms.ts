import type { Reads } from '../../types.ts';
import { readInteger, readSwitch } from '../read.ts';
import { effectiveDifficulty } from './seal.ts';

/** What a subnet asks of a proof of work. */
export interface PowTerms {
  readonly allowed: boolean;
  /** Tries that a proof takes on average. */
  readonly difficulty: bigint;
}

/** @returns undefined where the runtime knows no registration by proof of work */
export async function readPowTerms(reads: Reads, netuid: number): Promise<PowTerms | undefined> {
  if (!reads.has.call('SubtensorModule', 'pow_register')) return undefined;
  const [allowed, difficulty, least, most] = await Promise.all([
    readSwitch(reads, 'NetworkPowRegistrationAllowed', netuid),
    readInteger(reads, 'Difficulty', netuid),
    readInteger(reads, 'MinDifficulty', netuid),
    readInteger(reads, 'MaxDifficulty', netuid),
  ]);
  return { allowed: allowed ?? false, difficulty: effectiveDifficulty({ difficulty, least, most }) };
}
