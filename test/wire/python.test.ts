import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PyFloat, type PyValue, parsePyFloat, pyFloat, pyJson, pyStr } from '../../src/wire/index.ts';

test.each([
  [9, '9.0'],
  [0.5, '0.5'],
  [0, '0.0'],
  [-0, '-0.0'],
  [1e-4, '0.0001'],
  [1e-5, '1e-05'],
  [1.5e-7, '1.5e-07'],
  [9.083747863769531e-5, '9.083747863769531e-05'],
  [0.0033097267150878906, '0.0033097267150878906'],
  [123456.789, '123456.789'],
  [1e15, '1000000000000000.0'],
  [9999999999999998, '9999999999999998.0'],
  [1e16, '1e+16'],
  [1.7976931348623157e308, '1.7976931348623157e+308'],
  [5e-324, '5e-324'],
  [-12.25, '-12.25'],
  [Number.NaN, 'nan'],
  [Number.POSITIVE_INFINITY, 'inf'],
  [Number.NEGATIVE_INFINITY, '-inf'],
])('E 62: str(%d) is %s', (value, text) => {
  expect(pyFloat(value)).toBe(text);
});

test('what is written as a float is read as the same float', () => {
  fc.assert(
    fc.property(fc.double(), (value) => {
      expect(parsePyFloat(pyFloat(value))).toBe(value);
    }),
    { numRuns: 2_000 },
  );
});

test.each(['', ' ', 'x', '1,5', '0x10', '1__0', '--1', '1e', '.', 'nano', 'infinit', '１'])(
  '"%s" is no float',
  (text) => {
    expect(parsePyFloat(text)).toBeUndefined();
  },
);

const values: [PyValue, string, string][] = [
  [null, 'null', 'None'],
  [true, 'true', 'True'],
  [3, '3', '3'],
  [1_795_206_201_788_287_538n, '1795206201788287538', '1795206201788287538'],
  [new PyFloat(1), '1.0', '1.0'],
  ["y'z", '"y\'z"', "y'z"],
  [['x', "y'z"], '["x", "y\'z"]', `['x', "y'z"]`],
  [['"', '\'"', '\n\t\\'], '["\\"", "\'\\"", "\\n\\t\\\\"]', `['"', '\\'"', '\\n\\t\\\\']`],
  [{ k: [1, new PyFloat(2.5), null, true] }, '{"k": [1, 2.5, null, true]}', "{'k': [1, 2.5, None, True]}"],
  [
    ['é€😀\u007f\u00a0\u200b'],
    '["\\u00e9\\u20ac\\ud83d\\ude00\u007f\\u00a0\\u200b"]',
    "['é€😀\\x7f\\xa0\\u200b']",
  ],
  [{}, '{}', '{}'],
  [[], '[]', '[]'],
];

test.each(values.map((row, i) => ({ i, row })))('value $i as json.dumps and str() have it', ({ row }) => {
  const [value, json, text] = row;
  expect(pyJson(value)).toBe(json);
  expect(pyStr(value)).toBe(text);
});

test('an inexact integer is refused', () => {
  expect(() => pyJson(0.5)).toThrow(RangeError);
  expect(() => pyJson(2 ** 60)).toThrow(RangeError);
});
