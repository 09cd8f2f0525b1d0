import { roundHalfEven } from './augment/geometry.ts';
import type { Label } from './image.ts';

/** One challenge and what came back. `prediction` is −1 where nothing did in time. */
export interface Answer {
  readonly prediction: number;
  readonly label: Label;
}

/** What a validator makes of an answer, given those before it. */
export interface AnswerScore {
  /** Of this answer, 0 to 1. */
  readonly reward: number;
  /** max(0, Matthews correlation) over the last 100. */
  readonly mcc100: number;
  /** Over the last 10. */
  readonly accuracy10: number;
  /** `missing`: −1. `invalid`: outside [0, 1]. */
  readonly outcome: 'right' | 'wrong' | 'missing' | 'invalid';
}

export interface Score extends AnswerScore {
  readonly count: number;
  readonly right: number;
  readonly missing: number;
  readonly invalid: number;
  /** Over all answers that were given. */
  readonly accuracy: number;
  /** Mean of all rewards. */
  readonly meanReward: number;
  /** The validator's moving average after the last answer: it starts at 0. */
  readonly movingAverage: number;
  readonly answers: readonly AnswerScore[];
}

/** A validator's weight of the newest reward in its moving average. */
export const EMA_ALPHA = 0.05;

const LONG = 100;
const SHORT = 10;

/**
 * Scores a history as validators do: reward = (0.5 · MCC over 100 + 0.5 · accuracy over 10)³, 0 for an answer that is
 * missing (−1) or outside [0, 1]. Missing answers stay in the windows but are left out of the figures. Predictions
 * are rounded half to even, so exactly 0.5 counts as "none". One far enough outside to round to something else than
 * 0 or 1 makes the validator's metrics fail for as long as it is in a window: they are 0 then.
 *
 * Source: natix/validator/reward.py and miner_performance_tracker.py of the public subnet repository.
 */
export function score(history: readonly Answer[]): Score {
  const answers: AnswerScore[] = [];
  let movingAverage = 0;
  for (let i = 0; i < history.length; i++) {
    const answer = scoreLast(history.slice(Math.max(0, i + 1 - LONG), i + 1));
    movingAverage = nextAverage(movingAverage, answer.reward);
    answers.push(answer);
  }
  const countOf = (outcome: AnswerScore['outcome']): number =>
    answers.filter((a) => a.outcome === outcome).length;
  const last = answers.at(-1) ?? { reward: 0, mcc100: 0, accuracy10: 0, outcome: 'missing' };
  const right = countOf('right');
  const missing = countOf('missing');
  const invalid = countOf('invalid');
  const given = answers.length - missing;
  return {
    ...last,
    count: answers.length,
    right,
    missing,
    invalid,
    accuracy: given === 0 ? 0 : right / given,
    meanReward: answers.length === 0 ? 0 : answers.reduce((sum, a) => sum + a.reward, 0) / answers.length,
    movingAverage,
    answers,
  };
}

/** The moving average of a validator after one more round that the miner took part in. */
export function nextAverage(average: number, reward: number): number {
  return EMA_ALPHA * reward + (1 - EMA_ALPHA) * average;
}

/**
 * What an accuracy (0.5 to 1) is worth in the long run where errors fall on both classes alike: MCC = 2a − 1, so the
 * reward is (1.5·a − 0.5)³.
 */
export function rewardAtAccuracy(accuracy: number): number {
  return (0.5 * Math.max(0, 2 * accuracy - 1) + 0.5 * accuracy) ** 3;
}

function scoreLast(window: readonly Answer[]): AnswerScore {
  const newest = window.at(-1) ?? { prediction: -1, label: 0 };
  const long = metrics(window);
  const short = metrics(window.slice(-SHORT));
  const outcome = outcomeOf(newest);
  const counts = outcome === 'right' || outcome === 'wrong';
  return {
    reward: counts ? (0.5 * long.mcc + 0.5 * short.accuracy) ** 3 : 0,
    mcc100: long.mcc,
    accuracy10: short.accuracy,
    outcome,
  };
}

function outcomeOf({ prediction, label }: Answer): AnswerScore['outcome'] {
  if (prediction === -1) return 'missing';
  if (!(prediction >= 0 && prediction <= 1)) return 'invalid';
  return roundHalfEven(prediction) === label ? 'right' : 'wrong';
}

function metrics(window: readonly Answer[]): { mcc: number; accuracy: number } {
  let [tp, tn, fp, fn] = [0, 0, 0, 0];
  for (const { prediction, label } of window) {
    if (prediction === -1) continue;
    const rounded = roundHalfEven(prediction);
    if (rounded !== 0 && rounded !== 1) return { mcc: 0, accuracy: 0 };
    if (rounded === 1) label === 1 ? tp++ : fp++;
    else label === 1 ? fn++ : tn++;
  }
  const count = tp + tn + fp + fn;
  if (count === 0) return { mcc: 0, accuracy: 0 };
  const spread = Math.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn));
  return { mcc: spread === 0 ? 0 : Math.max(0, (tp * tn - fp * fn) / spread), accuracy: (tp + tn) / count };
}
