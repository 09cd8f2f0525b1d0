import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CandidateFigures, type DeployRules, judge } from '../../src/deploy/rules.ts';

const RULES: DeployRules = {
  minAnswers: 50,
  maxErrors: 0.02,
  maxLatencyMs: 2_000,
  maxDisagreement: 0.1,
  maxProbeLoss: 0.1,
};
const FINE: CandidateFigures = {
  answers: 50,
  errors: 0,
  p95Ms: 10,
  compared: 50,
  disagreed: 2,
  probes: { of: 12, candidateRight: 12, liveRight: 12 },
};

test.each<[string, Partial<CandidateFigures>, 'good' | 'waiting' | 'bad']>([
  ['enough answers, nothing against it', {}, 'good'],
  ['one answer too few', { answers: 49 }, 'waiting'],
  ['two failures of the first three are no proof', { answers: 3, errors: 2 }, 'waiting'],
  ['three failures of three', { answers: 3, errors: 3 }, 'bad'],
  ['three failures of a thousand', { answers: 1_000, errors: 3 }, 'good'],
  ['slow, from twenty answers on', { answers: 19, p95Ms: 3_000 }, 'waiting'],
  ['slow', { answers: 20, p95Ms: 2_001 }, 'bad'],
  ['as slow as allowed', { p95Ms: 2_000 }, 'good'],
  ['disagrees on a quarter of too few', { compared: 19, disagreed: 19 }, 'good'],
  ['disagrees on all of twenty', { compared: 20, disagreed: 20 }, 'bad'],
  ['disagrees a little more than allowed, which may be chance', { compared: 50, disagreed: 7 }, 'good'],
  ['disagrees much more than allowed', { compared: 500, disagreed: 70 }, 'bad'],
  ['one probe more wrong', { probes: { of: 8, candidateRight: 7, liveRight: 8 } }, 'good'],
  ['two of eight more wrong', { probes: { of: 8, candidateRight: 6, liveRight: 8 } }, 'bad'],
  [
    'probes that the live model does not know either',
    { probes: { of: 12, candidateRight: 2, liveRight: 9 } },
    'good',
  ],
])('%s', (_, change, verdict) => {
  const judgement = judge({ ...FINE, ...change }, RULES);
  expect(judgement.verdict).toBe(verdict);
  expect(judgement.reasons.length > 0).toBe(verdict !== 'good');
});

test('more failures never make a verdict better', () => {
  const rank = { bad: 0, waiting: 1, good: 2 };
  fc.assert(
    fc.property(fc.nat(500), fc.nat(500), fc.nat(20), (answers, some, more) => {
      const errors = Math.min(some, answers);
      const worse = Math.min(errors + more, answers);
      const before = judge({ ...FINE, answers, errors }, RULES).verdict;
      const after = judge({ ...FINE, answers, errors: worse }, RULES).verdict;
      expect(rank[after]).toBeLessThanOrEqual(rank[before]);
    }),
  );
});
