import { expect, test } from 'vitest';
import { statusLines } from '../../src/deploy-ui/render.ts';
import type { ResultOf } from '../../src/results/index.ts';

const model = { name: 'roadwork', version: '2.0.0', dir: '/models/new', manifestSha256: 'ab' };
const status = (change: Partial<ResultOf<'deploy status'>> = {}): ResultOf<'deploy status'> => ({
  live: { ...model, device: 'cpu', precision: 'fp32', inferMs: 3.21 },
  configured: '/models/new',
  previous: null,
  candidate: null,
  busy: false,
  rules: { minAnswers: 50, maxErrors: 0.02, maxLatencyMs: 2_000, maxDisagreement: 0.1, maxProbeLoss: 0.1 },
  ...change,
});

test('where a promoted model goes before the configured one, both are said', () => {
  expect(statusLines(status()).join('\n')).not.toContain('promoted');
  const lines = statusLines(status({ configured: '/models/old' })).join('\n');
  expect(lines).toContain('/models/new');
  expect(lines).toMatch(/promoted: it goes before \/models\/old of the configuration, after a restart, too/);
});

test('a change that is under way is said', () => {
  expect(statusLines(status({ busy: true })).at(-1)).toContain('a change is under way');
  expect(statusLines(status()).at(-1)).toBe('candidate  none');
});
