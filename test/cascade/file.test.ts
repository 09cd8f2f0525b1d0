import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CascadeFit, cascadeText, parseCascade, rulesFor, withFit } from '../../src/cascade/index.ts';
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
const FILE: CascadeFit = {
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
  expect(rulesFor(file, FILE.stages, 'f')).toEqual({
    bounds: [
      { stopBelow: 0.1, stopAbove: 0.9 },
      { stopBelow: 0.1, stopAbove: 0.9 },
    ],
    combinations: [{ stages: [0, 1], weights: [0.75, 0.25], bias: 0.1 }],
  });
});

const other = (name: string) => ({ name, model: { name: 'new', version: '2', sha256: 'f'.repeat(64) } });

test.each([
  [
    'other models',
    [other('a'), ...FILE.stages.slice(1)],
    /no fit for new 2 \(ffffffff\).* the stage a: .* a 1 \(a0000000\)/,
  ],
  ['another order', [...FILE.stages].reverse(), /was fitted for the stages a, b, and the profile has b, a/],
  ['fewer stages', FILE.stages.slice(0, 1), /has a\.$/],
])('%s than it was fitted for are refused', (_, running, message) => {
  const file = parseCascade(cascadeText(FILE), 'f');
  expect(() => rulesFor(file, running, 'f')).toThrow(
    expect.objectContaining({ code: 'ERR_CASCADE_STALE', message: expect.stringMatching(message) }),
  );
});

test('what to run is said: for the model that is to be deployed, and for a later stage', () => {
  const file = parseCascade(cascadeText(FILE), 'f');
  const nextOf = (running: Parameters<typeof rulesFor>[1]) => {
    try {
      rulesFor(file, running, 'f');
    } catch (error) {
      return (error as Sv72Error).next;
    }
  };
  expect(nextOf([other('a'), ...FILE.stages.slice(1)])).toContain(
    'sv72 cascade fit --profile accuracy --bundle ITS-FOLDER --data DIR --out f',
  );
  expect(nextOf([...FILE.stages.slice(0, 1), other('b')])).toContain(
    'sv72 cascade fit --profile accuracy --data DIR --out f',
  );
});

test('a file has fits for several models of the same stages, each found by the models that run; the last seven stay', () => {
  const fitFor = (sha256: string, bias: number): CascadeFit => ({
    ...FILE,
    stages: FILE.stages.map((each, place) =>
      place === 0 ? { ...each, model: { ...each.model, sha256 } } : each,
    ),
    combinations: [{ stages: ['a', 'b'], weights: [1, 1], bias }],
  });
  let file = parseCascade(cascadeText(FILE), 'f');
  for (let i = 0; i < 10; i += 1)
    file = parseCascade(cascadeText(withFit(file, fitFor(`m${i % 9}`, i))), 'f');
  const biasFor = (sha256: string) => rulesFor(file, fitFor(sha256, 0).stages, 'f').combinations[0]?.bias;
  expect(file.others).toHaveLength(7);
  expect(biasFor('m0')).toBe(9);
  expect(biasFor('m8')).toBe(8);
  expect(biasFor('m2')).toBe(2);
  expect(() => biasFor('m1')).toThrow(/no fit/);
  // Other stages begin anew.
  const renamed = {
    ...FILE,
    stages: FILE.stages.map((each) => ({ ...each, name: `${each.name}2` })),
    combinations: [],
  };
  expect(withFit(file, renamed).others).toEqual([]);
});

test('any other text is refused with a sentence, and never with anything else', () => {
  const changed = fc
    .tuple(
      fc.constantFrom('stages', 'combinations', 'dataset', 'figures', 'ridge', 'format', 'others'),
      fc.jsonValue(),
    )
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
