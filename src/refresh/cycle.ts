/** What a model's age asks of its owner. */
export type Milestone = 'checkpoint' | 'train' | 'upload' | 'verify' | 'expired';

/** In the order in which they come. */
export const MILESTONES: readonly Milestone[] = ['checkpoint', 'train', 'upload', 'verify', 'expired'];

/**
 * The cycle of a submission, in days of its age. No code of the subnet applies one: its documents say that a submission
 * counts fully for a first period and decays to nothing by day 90, and that this may change, so it is a setting.
 */
export interface Schedule {
  /** Day of each milestone; later ones are not earlier. */
  readonly days: Readonly<Record<Milestone, number>>;
  /** Until this age the reward is full. */
  readonly fullUntil: number;
  /** From this age there is none; in between it falls in a straight line. */
  readonly zeroFrom: number;
}

/** By the subnet's documents as they were in January 2026, and a month to train in. */
export const USUAL_SCHEDULE: Schedule = {
  days: { checkpoint: 30, train: 55, upload: 70, verify: 75, expired: 90 },
  fullUntil: 75,
  zeroFrom: 90,
};

/** `fresh` before the first milestone; then the last one that was reached. `future`: dated after now. */
export type Phase = 'future' | 'fresh' | Milestone;

/** Where a submission is in its cycle. Times are Unix seconds. */
export interface Cycle {
  /** Age in days, with a fraction; negative for a date that lies ahead. */
  readonly age: number;
  readonly phase: Phase;
  /** Share of the reward that the schedule leaves, in [0, 1]. */
  readonly factor: number;
  /** The milestones that were reached, in their order, with when. */
  readonly reached: readonly { readonly milestone: Milestone; readonly at: number }[];
  /** The next one; null when all were reached. */
  readonly next: { readonly milestone: Milestone; readonly at: number } | null;
}

const DAY_S = 86_400;

/**
 * The share of the reward at an age: 1 until `fullUntil`, then a straight line to 0 at `zeroFrom`.
 *
 * @param age in days
 */
export function rewardFactor(age: number, { fullUntil, zeroFrom }: Schedule): number {
  if (age <= fullUntil && age < zeroFrom) return 1;
  if (age >= zeroFrom) return 0;
  return (zeroFrom - age) / (zeroFrom - fullUntil);
}

/**
 * Where a submission is. A day is 86,400 seconds of Unix time, so neither time zones nor daylight saving move anything.
 *
 * @param submittedAt the card's submission_time, Unix seconds
 * @param now Unix seconds
 */
export function cycleOf(submittedAt: number, now: number, schedule: Schedule = USUAL_SCHEDULE): Cycle {
  const age = (now - submittedAt) / DAY_S;
  const all = MILESTONES.map((milestone) => ({
    milestone,
    at: submittedAt + Math.round(schedule.days[milestone] * DAY_S),
  }));
  const reached = all.filter(({ at }) => at <= now);
  const phase = reached.at(-1)?.milestone ?? (age < 0 ? 'future' : 'fresh');
  return {
    age,
    phase,
    factor: rewardFactor(age, schedule),
    reached,
    next: all.find(({ at }) => at > now) ?? null,
  };
}

/** What is wrong with a schedule, a clause; undefined when nothing is. */
export function scheduleProblem({ days, fullUntil, zeroFrom }: Schedule): string | undefined {
  const numbers = [...MILESTONES.map((milestone) => days[milestone]), fullUntil, zeroFrom];
  if (numbers.some((day) => !(day >= 0 && day <= 3650))) return 'its days must be between 0 and 3650';
  for (const [index, later] of MILESTONES.entries()) {
    const earlier = MILESTONES[index - 1];
    if (earlier !== undefined && days[later] < days[earlier])
      return `${later} must not come before ${earlier}`;
  }
  return fullUntil > zeroFrom ? 'the reward cannot be full for longer than it lasts' : undefined;
}
