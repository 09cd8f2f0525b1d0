import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { block, type Column, csv, table } from '../../src/chain-ui/index.ts';

interface Row {
  readonly name: string;
  readonly count: number;
}

const COLUMNS: readonly Column<Row>[] = [
  { name: 'name', value: ({ name }) => name },
  { name: 'count', align: 'right', value: ({ count }) => String(count) },
];

describe('tables', () => {
  it('stand in columns', () => {
    const rows = [
      { name: 'a', count: 1 },
      { name: 'longer', count: 1_000 },
    ];
    expect(table(COLUMNS, rows)).toEqual(['name    count', 'a           1', 'longer   1000']);
    expect(
      block(
        [
          ['a', '1'],
          ['longer', '2'],
        ],
        ' ',
      ),
    ).toEqual([' a       1', ' longer  2']);
  });

  it('show nothing that steers a terminal, whatever stands on chain', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const lines = [
          ...table(COLUMNS, [{ name, count: 0 }]),
          ...block([['name', name]]),
          ...csv(COLUMNS, [{ name, count: 0 }]),
        ];
        for (const line of lines) expect(line).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
      }),
    );
    expect(table(COLUMNS, [{ name: '\u001b]0;owned\u0007\u202e', count: 0 }])[1]).toContain(
      '\u{fffd}]0;owned',
    );
  });
});

/** Reads one line of RFC 4180 back. */
function fields(line: string): string[] {
  const found: string[] = [];
  for (const match of `,${line}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^",]*))/g)) {
    found.push((match[1] ?? match[2] ?? '').replaceAll('""', '"'));
  }
  return found;
}

describe('CSV', () => {
  it('comes back as it was written, and starts no formula', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer(), (name, count) => {
        const [, line = ''] = csv(COLUMNS, [{ name, count }]);
        const [first = '', second] = fields(line);
        expect(second).toBe(String(count));
        expect(first.replace(/^'(?='*[=+\-@])/, '')).toBe(name);
        if (!/^-?[\d.]+$/.test(first)) expect(first).not.toMatch(/^[=+\-@]/);
      }),
      {
        examples: [
          ["'+", 0],
          ["''-1", 0],
          ['=1', 0],
          ['-1.5', 0],
        ],
      },
    );
  });
});
