import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bracketed, parseTarget } from '../../src/dendrite/index.ts';

test.each([
  ['127.0.0.1:8091', '127.0.0.1', 8091],
  ['localhost:1', 'localhost', 1],
  ['[::1]:8091', '::1', 8091],
  ['[2001:db8::5]:65535', '2001:db8::5', 65_535],
  ['http://example.org:8091/', 'example.org', 8091],
  [' miner.example:8091 ', 'miner.example', 8091],
])('%s', (text, host, port) => {
  expect(parseTarget(text)).toEqual({ host, port });
});

test.each([
  '',
  'localhost',
  ':8091',
  '127.0.0.1:',
  '127.0.0.1:0',
  'a:65536',
  '::1:8091',
  '[::g]:1',
  'a:1/x',
  'u@a:1',
  'https://a:1',
])('"%s" is refused', (text) => {
  expect(() => parseTarget(text)).toThrow(expect.objectContaining({ code: 'ERR_TARGET' }));
});

test('what is read can be written and read again', () => {
  const hosts = fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain());
  fc.assert(
    fc.property(hosts, fc.integer({ min: 1, max: 65_535 }), (host, port) => {
      expect(parseTarget(`${bracketed(host)}:${port}`)).toEqual({ host, port });
    }),
  );
});

test('any text is a target or ERR_TARGET', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        parseTarget(text);
      } catch (error) {
        expect(error).toMatchObject({ code: 'ERR_TARGET' });
      }
    }),
  );
});
