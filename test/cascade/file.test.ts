import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cascadeText, parseCascade, rulesFor } from '../../src/cascade/index.ts';
import { Sv72Error } from '../../src/errors/index.ts';

const outcome = { reward: 0.9, latencyMs: 10, costPer1000: 0, decided: [0.9, 0.1] };
const stage = (name: string) => ({
  name,
  model: { name, version: '1', sha256: name.padEnd(64, '0') },
  stopBelow: 0.1,
  stopAbove: 0.9,
  latencyMs: { p50: 1, p95: 2 },
  costPer1000: 0,
});
const FILE = {
  made: '2026-11-21T00:00:00.000Z',
  profile: 'accuracy',
  dataset: { name: 'd', fingerprint: null, split: null, pictures: 20, views: 180, seed: 0 },
  stages: [stage('a'), stage('b')],
  combinations: [{ stages: ['b', 'a'], weights: [0.25, 0.75], bias: 0.1 }],
  ridge: 1,
  figures: { chosen: outcome, firstOnly: outcome, always: outcome },
};

test('what is written is read again, and rules are in the order of the stages', () => {
  const file = parseCascade(cascadeText(FILE), 'f');
  const running = FILE.stages.map(({ name, model }) => ({ name, sha256: model.sha256 }));
  expect(rulesFor(file, running, 'f')).toEqual({
    bounds: [
      { stopBelow: 0.1, stopAbove: 0.9 },
      { stopBelow: 0.1, stopAbove: 0.9 },
    ],
    combinations: [{ stages: [0, 1], weights: [0.75, 0.25], bias: 0.1 }],
  });
});

test.each([
  [
    'other models',
    [
      { name: 'a', sha256: 'x' },
      { name: 'b', sha256: 'b'.padEnd(64, '0') },
    ],
  ],
  ['another order', [...FILE.stages].reverse().map(({ name, model }) => ({ name, sha256: model.sha256 }))],
  ['fewer stages', [{ name: 'a', sha256: 'a'.padEnd(64, '0') }]],
])('%s than it was fitted for are refused', (_, running) => {
  const file = parseCascade(cascadeText(FILE), 'f');
  expect(() => rulesFor(file, running, 'f')).toThrow(expect.objectContaining({ code: 'ERR_CASCADE_STALE' }));
});

test('any other text is refused with a sentence, and never with anything else', () => {
  const changed = fc
    .tuple(fc.constantFrom('stages', 'combinations', 'dataset', 'figures', 'ridge', 'format'), fc.jsonValue())
    .map(([key, value]) => JSON.stringify({ ...JSON.parse(cascadeText(FILE)), [key]: value }));
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json(), changed), (text) => {
      try {
        parseCascade(text, 'f');
      } catch (error) {
        expect(error).toBeInstanceOf(Sv72Error);
        expect((error as Sv72Error).code).toBe('ERR_CASCADE_FILE');
      }
    }),
  );
  for (const combinations of [
    [{ stages: ['c'], weights: [1], bias: 0 }],
    [{ stages: ['a'], weights: [1, 2], bias: 0 }],
  ])
    expect(() => parseCascade(cascadeText({ ...FILE, combinations }), 'f')).toThrow(/no file of a cascade/);
});
