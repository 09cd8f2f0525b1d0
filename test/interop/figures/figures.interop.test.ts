import { join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, it } from 'vitest';
import { confusionAt, figuresOf } from '../../../src/evaluate/figures/figures.ts';
import { mcnemarExact } from '../../../src/evaluate/figures/mcnemar.ts';
import { tabulate } from '../../../src/evaluate/figures/table.ts';
import { type Answer, createRandom, type Random, score } from '../../../src/simulate/index.ts';
import { pythonEnvironment } from '../support/venvs.ts';

type History = readonly Answer[];

interface Reference {
  readonly sets: Readonly<Record<string, number | null>>[];
  readonly tables: number[];
  readonly histories: { readonly mcc100: number; readonly accuracy10: number; readonly reward: number }[][];
}

const rng = createRandom(72, 'figures');
const sets: Answer[][] = [
  ...Array.from({ length: 200 }, (_, i) => randomSet(rng, 1 + (i % 60) * 7)),
  [{ label: 1, prediction: 0.5 }],
  [
    { label: 1, prediction: 0.5 },
    { label: 0, prediction: 0.5 },
  ],
];
const tables = Array.from({ length: 300 }, (): [number, number] => {
  const most = rng.pick([3, 30, 300, 3_000]);
  return [rng.integer(0, most), rng.integer(0, most)];
});
const right = (label: 0 | 1): Answer => ({ label, prediction: label === 1 ? 0.8 : 0.2 });
const histories: Readonly<Record<string, History>> = {
  'any, of every length up to 260': Array.from({ length: 260 }, () => randomAnswer(rng)),
  'good ones': Array.from({ length: 150 }, (_, i) =>
    rng.chance(0.95) ? right((i % 2) as 0 | 1) : randomAnswer(rng),
  ),
  'labels of one class only': Array.from({ length: 120 }, () => ({
    ...randomAnswer(rng),
    label: 1 as const,
  })),
  'answers of one class only': Array.from({ length: 120 }, (_, i) => ({
    label: (i % 2) as 0 | 1,
    prediction: 0.9,
  })),
  'exactly one half each time': Array.from({ length: 30 }, (_, i) => ({
    label: (i % 2) as 0 | 1,
    prediction: 0.5,
  })),
  'one half, and just above it': Array.from({ length: 40 }, (_, i) => ({
    label: (i % 2) as 0 | 1,
    prediction: i % 4 < 2 ? 0.5 : 0.5 + Number.EPSILON,
  })),
  'nothing but missing ones': Array.from({ length: 20 }, () => ({ label: 1 as const, prediction: -1 })),
  'missing ones among right ones': Array.from({ length: 130 }, (_, i) =>
    i % 3 === 0 ? { label: 1 as const, prediction: -1 } : right((i % 2) as 0 | 1),
  ),
  'outside of 0 to 1, but rounding into it': Array.from({ length: 40 }, (_, i) => ({
    label: (i % 2) as 0 | 1,
    prediction: [1.2, -0.3, 0.9, 0.1][i % 4] ?? 0,
  })),
  'all wrong': Array.from({ length: 30 }, (_, i) => ({
    label: (i % 2) as 0 | 1,
    prediction: i % 2 === 0 ? 1 : 0,
  })),
  'a bad past that the window forgets': [
    ...Array.from({ length: 120 }, (_, i) => ({ label: (i % 2) as 0 | 1, prediction: 1 - (i % 2) })),
    ...Array.from({ length: 120 }, (_, i) => right((i % 2) as 0 | 1)),
  ],
};

describe('figures here and in scikit-learn and SciPy', () => {
  let reference: Reference;

  beforeAll(async () => {
    const python = await pythonEnvironment('figures');
    const columns = (answers: History) => ({
      labels: answers.map(({ label }) => label),
      predictions: answers.map(({ prediction }) => prediction),
    });
    const job = { sets: sets.map(columns), tables, histories: Object.values(histories).map(columns) };
    const { stdout } = await execa(python.python, ['-B', join(import.meta.dirname, 'reference.py')], {
      input: JSON.stringify(job),
      maxBuffer: 1 << 26,
    });
    reference = JSON.parse(stdout);
  });

  it.each([
    'accuracy',
    'balancedAccuracy',
    'sensitivity',
    'specificity',
    'mcc',
    'auc',
    'ece',
    'brier',
  ] as const)('%s is the same', (name) => {
    let compared = 0;
    for (const [index, answers] of sets.entries()) {
      const table = tabulate(answers.map(({ label, prediction: p }) => ({ label, p, cluster: 'a' })));
      const theirs = reference.sets[index]?.[name];
      expect(figuresOf(table)[name], `set ${index}`).toEqual(
        theirs === null ? null : expect.closeTo(theirs ?? Number.NaN, 10),
      );
      if (theirs !== null) compared++;
    }
    expect(compared).toBeGreaterThan(150);
  });

  it('counts the same decisions', () => {
    for (const [index, answers] of sets.entries()) {
      const table = tabulate(answers.map(({ label, prediction: p }) => ({ label, p, cluster: 'a' })));
      expect(reference.sets[index]).toMatchObject(confusionAt(table));
    }
  });

  it("McNemar's exact test is SciPy's binomial test", () => {
    for (const [index, [b, c]] of tables.entries()) {
      const theirs = reference.tables[index] ?? Number.NaN;
      expect(Math.abs(mcnemarExact(b, c) - theirs), `${b} ${c}`).toBeLessThan(1e-9);
    }
  });

  it.each(Object.keys(histories).map((name, index) => [name, index] as const))(
    "the reward of each answer is what the subnet's rules and scikit-learn's correlation give: %s",
    (name, index) => {
      const answers = score(histories[name] ?? []).answers;
      const theirs = reference.histories[index];
      expect(answers).toHaveLength(theirs?.length ?? 0);
      answers.forEach(({ mcc100, accuracy10, reward }, i) => {
        const {
          mcc100: m,
          accuracy10: a,
          reward: r,
        } = theirs?.[i] ?? { mcc100: -1, accuracy10: -1, reward: -1 };
        expect([mcc100, accuracy10, reward]).toEqual([
          expect.closeTo(m, 12),
          expect.closeTo(a, 12),
          expect.closeTo(r, 12),
        ]);
      });
    },
  );
});

function randomSet(random: Random, size: number): Answer[] {
  const skill = random.uniform(0, 0.5);
  const share = random.uniform(0, 1);
  return Array.from({ length: size }, (): Answer => {
    const label = random.chance(share) ? 1 : 0;
    const p = 0.5 + (label === 1 ? skill : -skill) * random.uniform(-0.3, 1) + 0.2 * random.normal();
    const prediction = random.chance(0.1) ? random.pick([0, 0.5, 1]) : Math.min(1, Math.max(0, p));
    return { label, prediction };
  });
}

function randomAnswer(random: Random): Answer {
  const label = random.chance(0.5) ? 1 : 0;
  return { label, prediction: random.chance(0.2) ? random.pick([-1, 0.5, 0, 1]) : random.next() };
}
