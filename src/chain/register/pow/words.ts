import { durationText } from '../../rules/index.ts';

const HUNDRED_YEARS_MS = 100 * 365 * 86_400_000;

/** A large number as people say it: `840`, `12 thousand`, `2.7 million`. */
export function countText(count: number): string {
  const [unit, name] =
    count < 1e3
      ? [1, '']
      : count < 1e6
        ? [1e3, ' thousand']
        : count < 1e9
          ? [1e6, ' million']
          : [1e9, ' billion'];
  const shown = count / unit;
  return `${shown.toFixed(unit > 1 && shown < 10 ? 1 : 0)}${name}`;
}

/** Milliseconds that a proof takes on average. @returns undefined while no rate is known */
export function proofMs(difficulty: bigint, rate: number): number | undefined {
  return rate > 0 ? (Number(difficulty) / rate) * 1_000 : undefined;
}

/** How long a proof takes on average. @param rate tries a second. @returns undefined while none is known */
export function proofTimeText(difficulty: bigint, rate: number): string | undefined {
  const ms = proofMs(difficulty, rate);
  if (ms === undefined) return undefined;
  if (ms < 1_000) return 'less than a second';
  return ms > HUNDRED_YEARS_MS ? 'more than a hundred years' : durationText(ms);
}
