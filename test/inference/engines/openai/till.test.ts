import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mostTokens, priceOf } from '../../../../src/inference/engines/openai/cost.ts';
import { Till } from '../../../../src/inference/engines/openai/till.ts';
import { temporaryFolder } from '../../models.ts';

const NOON = Date.UTC(2026, 10, 21, 12);

async function budget(perDay: number | null) {
  return { folder: join(await temporaryFolder(), 'spent'), perDay, inputPrice: 2, outputPrice: 10 };
}

test('prices are of a million tokens; a picture of 224 pixels is at most 256 patches', async () => {
  expect(priceOf({ input: 500_000, output: 100_000 }, await budget(null))).toBe(2);
  const { input, output } = mostTokens(224, 224, 'Roadwork?', 1);
  expect(input).toBeGreaterThanOrEqual(256);
  expect(input).toBeLessThan(400);
  expect(output).toBe(1);
});

test('without a budget only tokens are counted', () => {
  const till = new Till(undefined);
  till.reserve({ input: 100, output: 1 })({ input: 90, output: 1 });
  till.paid({ input: 1, output: 1 });
  expect(till.tokens).toEqual({ input: 90, output: 1 });
  expect(till.spending()).toBeNull();
  expect(till.refusal({ input: 1e12, output: 0 })).toBeUndefined();
});

test('a request that may cost more than is left is refused, and said until when', async () => {
  const till = new Till(await budget(1), () => NOON);
  const most = { input: 400_000, output: 0 };
  expect(till.refusal(most)).toBeUndefined();
  till.reserve(most)({ input: 200_000, output: 0 });
  expect(till.refusal(most)).toBe('the budget of 1 a day is used up (0.400 spent) until 0:00 UTC');
  expect(() => till.reserve(most)).toThrow(/used up/);
  till.paid({ input: 300_000, output: 0 });
  expect(till.spending()?.today).toBeCloseTo(1);
});

test('an answer is not lost because its price cannot be written down', async () => {
  const given = await budget(1);
  const till = new Till(given, () => NOON);
  const settle = till.reserve({ input: 100_000, output: 0 });
  rmSync(given.folder, { recursive: true });
  expect(() => settle({ input: 1, output: 1 })).not.toThrow();
  // But nothing more is asked.
  expect(() => till.reserve({ input: 100_000, output: 0 })).toThrow(/ENOENT/);
});
