import type { ChallengeResult } from '../../dendrite/index.ts';
import {
  type Answer,
  type AnswerScore,
  type Generation,
  rewardAtAccuracy,
  score,
} from '../../simulate/index.ts';
import type { PreparedImage } from './images.ts';
import type { ChallengeTarget } from './targets.ts';

/** One image and what a target made of it. */
export interface ScoredAnswer {
  readonly index: number;
  readonly image: string;
  readonly label: 0 | 1;
  readonly generation: Generation;
  readonly level: number | null;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  /** -1 where nothing came in time. */
  readonly prediction: number;
  readonly outcome: AnswerScore['outcome'];
  /** The validator's reward for this answer, given those before it. */
  readonly reward: number;
  readonly latencyMs: number;
  readonly status: number;
  /** What went wrong, or null. */
  readonly problem: string | null;
}

/** What a validator would make of all of a target's answers. */
export interface TargetSummary {
  readonly asked: number;
  readonly answered: number;
  readonly right: number;
  readonly accuracy: number;
  readonly mcc100: number;
  readonly accuracy10: number;
  /** Of the last answer. */
  readonly reward: number;
  readonly meanReward: number;
  /** The reward that this accuracy is worth in the long run. */
  readonly worth: number;
  readonly latencyMs: { readonly p50: number; readonly p90: number; readonly max: number } | null;
  readonly problems: { readonly problem: string; readonly count: number }[];
}

/** Validators look back over this many answers. */
const WINDOW = 100;

/** Scores the newest answer of a history in the light of those before it. */
export function scoreAnswer(
  image: PreparedImage,
  result: ChallengeResult,
  before: readonly ScoredAnswer[],
): ScoredAnswer {
  const newest: Answer = { prediction: result.prediction, label: image.label };
  const { reward, outcome } = score([...before.slice(1 - WINDOW), newest]);
  return {
    index: image.index,
    image: image.name,
    label: image.label,
    generation: image.generation,
    level: image.level,
    width: image.width,
    height: image.height,
    bytes: image.jpeg.length,
    prediction: result.prediction,
    outcome,
    reward,
    latencyMs: result.latencyMs,
    status: result.status,
    problem: problemOf(result, outcome),
  };
}

export function summarise(answers: readonly ScoredAnswer[]): TargetSummary {
  const { right, missing, accuracy, mcc100, accuracy10, reward, meanReward, count } = score(answers);
  const latencies = answers
    .filter(({ outcome }) => outcome !== 'missing')
    .map(({ latencyMs }) => latencyMs)
    .sort((a, b) => a - b);
  const at = (share: number) =>
    latencies[Math.min(latencies.length - 1, Math.floor(share * latencies.length))] ?? 0;
  return {
    asked: count,
    answered: count - missing,
    right,
    accuracy,
    mcc100,
    accuracy10,
    reward,
    meanReward,
    worth: rewardAtAccuracy(accuracy),
    latencyMs: latencies.length === 0 ? null : { p50: at(0.5), p90: at(0.9), max: at(1) },
    problems: countProblems(answers),
  };
}

/** What a target's run is in the result. */
export interface TargetReport {
  readonly target: ChallengeTarget;
  readonly summary: TargetSummary;
  readonly answers: ScoredAnswer[];
}

function problemOf(result: ChallengeResult, outcome: AnswerScore['outcome']): string | null {
  if (outcome === 'missing') return `${result.status} ${result.message}`.trim();
  if (outcome === 'invalid') return 'the prediction is outside 0 to 1';
  return result.isSuccess ? null : `an answer, but no success: ${result.status} ${result.message}`.trim();
}

function countProblems(answers: readonly ScoredAnswer[]): { problem: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { problem } of answers)
    if (problem !== null) counts.set(problem, (counts.get(problem) ?? 0) + 1);
  return [...counts].map(([problem, count]) => ({ problem, count })).sort((a, b) => b.count - a.count);
}
