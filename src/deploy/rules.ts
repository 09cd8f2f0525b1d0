import { wilson } from '../statistics/index.ts';

/** When a candidate is good enough, and when it must go. Settings of the section `deploy`. */
export interface DeployRules {
  /** Answers (or, in the shadow, computations) of the candidate before it may be called good. */
  readonly minAnswers: number;
  /** Most of the candidate's answers that may fail, as a share of all. */
  readonly maxErrors: number;
  /** Most time for 95 of 100 answers, ms. */
  readonly maxLatencyMs: number;
  /** Most pictures on which it may decide otherwise than the live model, as a share of those compared. */
  readonly maxDisagreement: number;
  /** Most labelled probes it may get wrong beyond those the live model does, as a share of all probes. */
  readonly maxProbeLoss: number;
}

/** Answers to labelled pictures, given by both models. */
export interface ProbeFigures {
  readonly of: number;
  readonly candidateRight: number;
  readonly liveRight: number;
}

/** What is known of a candidate so far. */
export interface CandidateFigures {
  readonly answers: number;
  /** Of them: answered by something else than its model, because that failed or was too slow. */
  readonly errors: number;
  /** 95th percentile of its latest answers, ms; null: none yet. */
  readonly p95Ms: number | null;
  /** Pictures that both models have seen. */
  readonly compared: number;
  /** Of them: decided otherwise (on the other side of 0.5). */
  readonly disagreed: number;
  readonly probes: ProbeFigures | null;
}

export interface Judgement {
  readonly verdict: 'good' | 'waiting' | 'bad';
  /** One clause each: what speaks against it, or what is still waited for. */
  readonly reasons: readonly string[];
}

/** So many failures are no accident, however few answers there are. */
const FAILURES = 3;
/** Answers before their latency or disagreement is judged. */
const LEAST = 20;
/** Probes tell something only where the live model knows what they show. */
const LIVE_KNOWS = 0.8;

/**
 * Judges a candidate. Shares are judged by the bounds of Wilson's interval (95 %), so that a few answers condemn nobody
 * and many small faults are not excused: a share is too high when even its lower bound is above the rule.
 */
export function judge(figures: CandidateFigures, rules: DeployRules): Judgement {
  const against: string[] = [];
  const { answers, errors, p95Ms, compared, disagreed, probes } = figures;
  if (errors >= FAILURES && wilson(errors / answers, answers).low > rules.maxErrors) {
    against.push(`${errors} of ${answers} answers failed`);
  }
  if (answers >= LEAST && p95Ms !== null && p95Ms > rules.maxLatencyMs) {
    against.push(
      `95 of 100 answers take up to ${Math.round(p95Ms)} ms, more than ${Math.round(rules.maxLatencyMs)}`,
    );
  }
  if (compared >= LEAST && wilson(disagreed / compared, compared).low > rules.maxDisagreement) {
    against.push(`it decides otherwise than the live model on ${disagreed} of ${compared} pictures`);
  }
  const lost = probesLost(probes);
  if (probes !== null && lost > rules.maxProbeLoss) {
    against.push(
      `it gets ${probes.candidateRight} of ${probes.of} labelled probes right, the live model ${probes.liveRight}`,
    );
  }
  if (against.length > 0) return { verdict: 'bad', reasons: against };
  if (answers < rules.minAnswers) {
    return { verdict: 'waiting', reasons: [`${answers} of ${rules.minAnswers} answers so far`] };
  }
  return { verdict: 'good', reasons: [] };
}

/** Share of the probes that the candidate gets wrong beyond the live model; 0 where they say nothing. One is no loss. */
function probesLost(probes: ProbeFigures | null): number {
  if (probes === null || probes.of === 0 || probes.liveRight / probes.of < LIVE_KNOWS) return 0;
  const lost = probes.liveRight - probes.candidateRight;
  return lost <= 1 ? 0 : lost / probes.of;
}
