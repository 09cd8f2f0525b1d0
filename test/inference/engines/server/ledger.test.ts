import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Ledger } from '../../../../src/inference/engines/server/ledger.ts';
import { temporaryFolder } from '../../models.ts';

const NOON = Date.UTC(2026, 10, 21, 12);
const DAY = 86_400_000;

test('what is set aside counts at once, what it did cost afterwards, and also after a restart', async () => {
  const folder = join(await temporaryFolder(), 'spent');
  const now = () => NOON;
  const ledger = new Ledger({ folder, perDay: 1, now });
  expect(ledger.spending()).toEqual({ today: 0, perDay: 1 });
  const settle = ledger.reserve(0.75);
  expect(ledger.spending().today).toBeCloseTo(0.75);
  expect(ledger.reserve(0.5)).toBeUndefined();
  expect(ledger.spending().today).toBeCloseTo(0.75);
  settle?.(0.25);
  expect(ledger.spending().today).toBeCloseTo(0.25);
  expect(ledger.reserve(0.5)).toBeDefined();
  expect(new Ledger({ folder, perDay: 1, now }).spending().today).toBeCloseTo(0.75);
});

test('two processes share what is left', async () => {
  const folder = join(await temporaryFolder(), 'spent');
  const open = () => new Ledger({ folder, perDay: 1, now: () => NOON });
  const [a, b] = [open(), open()];
  expect(a.reserve(0.6)).toBeDefined();
  expect(b.reserve(0.6)).toBeUndefined();
  expect(b.reserve(0.4)).toBeDefined();
  expect(a.spending().today).toBeCloseTo(1);
});

test('a new day begins at 0:00 UTC; a request belongs to the day on which it was sent', async () => {
  const folder = join(await temporaryFolder(), 'spent');
  let time = Date.UTC(2026, 10, 21, 23, 59);
  const ledger = new Ledger({ folder, perDay: 1, now: () => time });
  const settle = ledger.reserve(1);
  time += 2 * 60_000;
  expect(ledger.spending().today).toBe(0);
  settle?.(0.5);
  expect(ledger.spending().today).toBe(0);
  expect(ledger.reserve(1)).toBeDefined();
  expect(readdirSync(folder).sort()).toEqual(['2026-11-21.log', '2026-11-22.log']);
});

test('old days are put away, other files are left alone', async () => {
  const folder = await temporaryFolder();
  for (const name of ['2026-10-01.log', '2026-11-01.log', 'notes.txt'])
    writeFileSync(join(folder, name), '1\n');
  new Ledger({ folder, perDay: null, now: () => NOON });
  expect(readdirSync(folder).sort()).toEqual(['2026-11-01.log', 'notes.txt']);
});

test('a line that is only half there, or no number, does no harm', async () => {
  const folder = await temporaryFolder();
  const file = join(folder, '2026-11-21.log');
  writeFileSync(file, '0.25\nnonsense\n\n0.');
  const ledger = new Ledger({ folder, perDay: null, now: () => NOON });
  expect(ledger.spending()).toEqual({ today: 0.25, perDay: null });
  appendFileSync(file, '5\n');
  expect(ledger.spending().today).toBe(0.75);
});

test('money that costs nothing leaves no trace', async () => {
  const folder = await temporaryFolder();
  const ledger = new Ledger({ folder, perDay: null, now: () => NOON });
  ledger.reserve(0)?.(0);
  expect(existsSync(join(folder, '2026-11-21.log'))).toBe(false);
});

test('never more than the budget, whoever asks in whatever order', async () => {
  const base = await temporaryFolder();
  let run = 0;
  const step = fc.record({
    by: fc.nat(2),
    amount: fc.double({ min: 0, max: 2, noNaN: true }),
    used: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      run += 1;
      const folder = join(base, String(run));
      const ledgers = [0, 1, 2].map(() => new Ledger({ folder, perDay: 3, now: () => NOON + DAY }));
      let spent = 0;
      for (const { by, amount, used } of steps) {
        const settle = ledgers[by]?.reserve(amount);
        if (spent + amount > 3 + 1e-9) expect(settle).toBeUndefined();
        if (settle === undefined) continue;
        settle(amount * used);
        spent += amount * used;
      }
      expect(spent).toBeLessThanOrEqual(3 + 1e-6);
      for (const ledger of ledgers) expect(ledger.spending().today).toBeCloseTo(spent, 6);
      const file = join(folder, '2026-11-22.log');
      if (existsSync(file)) expect(readFileSync(file, 'utf8')).toMatch(/^(-?\d[\d.e+-]*\n)*$/);
    }),
    { numRuns: 40 },
  );
});
