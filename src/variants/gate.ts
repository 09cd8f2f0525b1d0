import type { Gate } from '../bundle/index.ts';
import { Sv72Error } from '../errors/index.ts';
import { compare, type Pair } from '../evaluate/index.ts';

/** The circumstances of a comparison; they go into the record as they are. */
export type GateTerms = Pick<Gate, 'device' | 'dataset' | 'generations' | 'levels' | 'seed' | 'limit'>;

/**
 * Judges a variant by what it (`second`) and the model it was made from (`first`) said to the same augmented pictures.
 * It passes when the share of pictures on which they decide differently is at most the limit, and the interval of the
 * difference in reward does not lie below zero.
 *
 * @param unanswered pictures to which the variant gave no answer; one is enough to fail
 * @throws Sv72Error ERR_GATE_PICTURES when a reward cannot be computed of them
 */
export function judge(pairs: readonly Pair[], unanswered: number, terms: GateTerms): Gate {
  const comparison = compare(pairs, { seed: terms.seed });
  const { pairs: pictures, flips, largest, mean, reward } = comparison;
  const { first, second, difference, low, high } = reward;
  if (first === null || second === null || difference === null || low === null || high === null) {
    throw new Sv72Error(
      'ERR_GATE_PICTURES',
      `${pictures} pictures of one class say nothing about the reward: both classes are needed.`,
      { details: { pictures } },
    );
  }
  const reason = reasonOf({ pictures, flips, unanswered, limit: terms.limit, high });
  return {
    passed: reason === null,
    reason,
    ...terms,
    pictures,
    flips,
    worst: largest,
    mean,
    reward: { source: first, variant: second, difference, low, high },
  };
}

function reasonOf(found: {
  readonly pictures: number;
  readonly flips: number;
  readonly unanswered: number;
  readonly limit: number;
  readonly high: number;
}): string | null {
  const { pictures, flips, unanswered, limit, high } = found;
  if (unanswered > 0) return `it gave no answer to ${unanswered} of ${pictures} pictures`;
  if (flips > limit * pictures) {
    return `it decides differently on ${flips} of ${pictures} pictures (${percent(flips / pictures)}), more than the ${percent(limit)} allowed`;
  }
  if (high < 0) return `its reward is lower: by ${(-high).toFixed(4)} at least`;
  return null;
}

/** A share as per cent, with as many digits as it takes. */
export function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}
