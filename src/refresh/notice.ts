import { type Cycle, cycleOf, MILESTONES, type Milestone, type Schedule } from './cycle.ts';
import type { Submission } from './submission.ts';

/** What everything together asks for. */
export type State = 'nothing' | 'due' | 'overdue';

/** Something to tell the owner, once. */
export interface Notice {
  /** Which thing at which time: what was sent under this key is not sent again. */
  readonly key: string;
  /** Notices of one thing; the last one says it all. */
  readonly about: string;
  readonly kind: 'model' | 'registration' | 'certificate' | 'token' | 'date' | 'disk';
  readonly level: 'due' | 'overdue';
  /** A few words. */
  readonly title: string;
  /** What to do, in a sentence or two. */
  readonly text: string;
  /** Since when it is so, Unix seconds; null: since now, as far as is known. */
  readonly at: number | null;
  /** Holds until it is mended, rather than from a date on. */
  readonly condition: boolean;
}

/** A submission with its place in the cycle. */
export interface ModelOutlook {
  readonly submission: Submission;
  readonly cycle: Cycle;
  readonly state: State;
  /** The milestone that waits for its owner; null: none, or it is seen to. */
  readonly due: { readonly milestone: Milestone; readonly at: number } | null;
}

/** Names of the milestones for people. */
export const WORDS: Readonly<Record<Milestone, { readonly title: string; readonly text: string }>> = {
  checkpoint: {
    title: 'look how the model does',
    text: 'Measure it on new pictures (`sv72 evaluate`) and look at its answers (`sv72 status`).',
  },
  train: {
    title: 'train the next model',
    text: 'Begin now, so that there is time for a second try: `sv72 train`, or all of it with `sv72 refresh run`.',
  },
  upload: {
    title: 'publish the next model',
    text: 'Publish it with `sv72 upload`; then the period begins anew.',
  },
  verify: {
    title: 'the next model should be out',
    text: 'Publish it with `sv72 upload`, check it with `sv72 verify`, and put it into service with `sv72 deploy canary`.',
  },
  expired: {
    title: 'the model has expired',
    text: 'By the schedule it earns nothing any more: publish another with `sv72 upload`.',
  },
};

/** Key of one milestone of one submission. */
export function milestoneKey({ hotkey, repo, at }: Submission, milestone: Milestone): string {
  return `model ${hotkey} ${repo ?? '-'} ${at} ${milestone}`;
}

/**
 * Where a submission is in its cycle and what that asks for.
 *
 * @param now Unix seconds
 * @param isDone whether the owner said that the milestone with this key is seen to; what costs reward is not silenced
 */
export function modelOutlook(
  submission: Submission,
  now: number,
  schedule: Schedule,
  isDone: (key: string) => boolean = () => false,
): ModelOutlook {
  const cycle = cycleOf(submission.at, now, schedule);
  const last = cycle.reached.at(-1);
  if (last === undefined) return { submission, cycle, state: 'nothing', due: null };
  const late = last.milestone === 'verify' || last.milestone === 'expired' || cycle.factor < 1;
  if (cycle.factor === 1 && isDone(milestoneKey(submission, last.milestone)))
    return { submission, cycle, state: 'nothing', due: null };
  return { submission, cycle, state: late ? 'overdue' : 'due', due: last };
}

/** A notice for each milestone that was reached, in order; none once the last one is seen to. */
export function modelNotices(
  { submission, cycle, due }: ModelOutlook,
  schedule: Schedule,
  names: Names = NOBODY,
): Notice[] {
  if (due === null) return [];
  const { hotkey, repo, model, version } = submission;
  const whose = names.get(hotkey);
  const name = [model ?? repo ?? 'model', version, whose === undefined ? null : `of ${whose}`]
    .filter((part) => part !== null)
    .join(' ');
  return cycle.reached.map(({ milestone, at }) => ({
    key: milestoneKey(submission, milestone),
    about: `model ${hotkey}`,
    kind: 'model',
    level: MILESTONES.indexOf(milestone) >= MILESTONES.indexOf('verify') ? 'overdue' : 'due',
    title: `${WORDS[milestone].title}: ${name} is ${Math.floor(cycle.age)} days old`,
    text:
      `${WORDS[milestone].text} Hotkey ${labelOf(hotkey, names)}${repo === null ? '' : `, ${repo}`}. ` +
      `Day ${schedule.days[milestone]} of ${schedule.days.expired}; reward today ${percent(cycle.factor)} by the schedule.`,
    at,
    condition: false,
  }));
}

/** What all of it asks for together. */
export function worstState(states: readonly State[]): State {
  if (states.includes('overdue')) return 'overdue';
  return states.includes('due') ? 'due' : 'nothing';
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** Names of one's miners by SS58 address, where there are several to tell apart. */
export type Names = ReadonlyMap<string, string>;

const NOBODY: Names = new Map();

/** Which hotkey it is, for people. */
export function labelOf(address: string, names: Names = NOBODY): string {
  const name = names.get(address);
  return name === undefined ? short(address) : `${name} (${short(address)})`;
}

/** The beginning and end of an address, as people compare them. */
export function short(address: string): string {
  return address.length > 16 ? `${address.slice(0, 6)}…${address.slice(-4)}` : address;
}
