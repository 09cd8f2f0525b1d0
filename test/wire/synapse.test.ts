import { expect, test } from 'vitest';
import {
  axonMessage,
  bodyHash,
  EMPTY_BODY_HASH,
  type FieldType,
  inputObjectHeader,
  PyFloat,
  type PyValue,
  versionAsInt,
} from '../../src/wire/index.ts';

test('E 55: no required fields hash to SHA3-256 of nothing', () => {
  expect(EMPTY_BODY_HASH).toBe('a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a');
});

const mixed: PyValue[] = [
  'hello',
  ['x', "y'z"],
  3,
  new PyFloat(1),
  null,
  true,
  { k: [1, new PyFloat(2.5), null, true] },
];
const hashes: [string, PyValue[], string][] = [
  ['E 56: one text', ['hello'], 'cd1ba9b9d9fae7c1e56ddf6aa2947ad2e0b83b96bd91dd4b67fc560e83589bad'],
  ['E 57: all kinds', mixed, 'd6404420601620e20d40c3a1704ee9462a1925e5e9baea097defe69b507dd230'],
  [
    'E 58: order as listed',
    [['x'], 'hello'],
    '7ca4c39ff250fb863db90d5df1c6d78dff615e45f35c10622d490f9f6776e26a',
  ],
  [
    'E 59: order as defined',
    ['hello', ['x']],
    '0c871bef092f02eb0d5ec6049ff3f543b1ba4d214d44eedca9045e60f73c26cb',
  ],
  ['E 60: not ASCII', ['é€'], '29c1c678671f0f88cb517dbf18b72a969df6dd67a4484101555bb74c34a3ad26'],
];

test.each(hashes)('%s', (_name, fields, hash) => {
  expect(bodyHash(fields)).toBe(hash);
});

test.each([
  ['9.12.2', 9012002],
  ['9.9.0', 9009000],
  ['10.0.0', 10000000],
  ['10.2.0', 10002000],
])('E 61: version %s', (version, number) => {
  expect(versionAsInt(version)).toBe(number);
});

const empties: [FieldType, string][] = [
  ['str', 'IiI='],
  ['int', 'MA=='],
  ['float', 'MC4w'],
  ['list', 'W10='],
  ['dict', 'e30='],
  ['bool', 'ZmFsc2U='],
];

test.each(empties)('E 63: the stand-in for a %s', (type, text) => {
  expect(inputObjectHeader(type)).toBe(text);
});

test('the message that a dendrite signs', () => {
  const message = axonMessage({ nonce: '1', dendriteHotkey: 'd', axonHotkey: 'a', uuid: 'u', bodyHash: 'h' });
  expect(message).toBe('1.d.a.u.h');
});
