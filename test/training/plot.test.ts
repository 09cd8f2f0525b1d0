import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plot } from '../../src/training/plot.ts';

const BLANK = '\u2800';

test('falls from the top left to the bottom right', () => {
  const [title, ...lines] = plot({ name: 'loss', values: [1, 0.5, 0] }, 12, 3);
  expect(title).toContain('loss');
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatch(/^1 ┤/);
  expect(lines[2]).toMatch(/^0 ┤/);
  const cells = lines.map((line) => line.slice(line.indexOf('┤') + 1));
  expect(cells[0]?.[0]).not.toBe(BLANK);
  expect(cells[0]?.at(-1)).toBe(BLANK);
  expect(cells[2]?.[0]).toBe(BLANK);
  expect(cells[2]?.at(-1)).not.toBe(BLANK);
});

test('has its size whatever the values, and no line without any', () => {
  expect(plot({ name: 'x', values: [] })).toEqual([]);
  expect(plot({ name: 'x', values: [Number.NaN] })).toEqual([]);
  fc.assert(
    fc.property(
      fc.array(fc.double({ noDefaultInfinity: true, min: -1e6, max: 1e6 }), { minLength: 1 }),
      (values) => {
        const lines = plot({ name: 'x', values }, 20, 4);
        if (lines.length === 0) return values.every(Number.isNaN);
        const wide = new Set(lines.slice(1).map((line) => line.length));
        return lines.length === 5 && wide.size === 1;
      },
    ),
  );
});
