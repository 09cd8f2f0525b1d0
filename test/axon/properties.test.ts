import fc from 'fast-check';
import { expect, test } from 'vitest';
import { judgeFreshness, parseSignature, Refusal, readHeaders } from '../../src/axon/head.ts';
import { decodeImageField } from '../../src/axon/image-field.ts';
import { DEFAULT_LIMITS, DEFAULT_ROUTES } from '../../src/axon/index.ts';
import { headerText } from '../../src/axon/reply.ts';
import { createRouter } from '../../src/axon/routes.ts';

const latin1 = fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)) });

test('headers: the first value by lower-case name, or a refusal when one that matters comes twice', () => {
  const names = fc.constantFrom(
    'name',
    'Timeout',
    'BT_HEADER_X',
    'bt_header_x',
    'accept',
    'X-Bittensor-A',
    'other',
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(names, latin1), { maxLength: 12 }), (pairs) => {
      const result = readHeaders(pairs.flat());
      const lower = pairs.map(([name]) => name.toLowerCase());
      const twice = lower.some((name, i) => lower.indexOf(name) !== i && !['accept', 'other'].includes(name));
      expect(result instanceof Refusal).toBe(twice);
      if (result instanceof Refusal) return;
      for (const [name, value] of result) expect(pairs[lower.indexOf(name)]?.[1]).toBe(value);
    }),
  );
});

test('signatures: 0x and 128 hexadecimal digits, nothing else', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), fc.boolean(), (bytes, upper) => {
      const hex = Buffer.from(bytes).toString('hex');
      const parsed = parseSignature(`0x${upper ? hex.toUpperCase() : hex}`);
      expect(parsed && Buffer.compare(parsed, bytes)).toBe(0);
    }),
  );
  const nearly = fc.oneof(latin1, fc.stringMatching(/^(0x)?[0-9a-f]{120,132}$/));
  fc.assert(
    fc.property(nearly, (text) => {
      const wellFormed = text.length === 130 && text.startsWith('0x') && !/[^0-9a-fA-F]/.test(text.slice(2));
      expect(parseSignature(text) !== undefined).toBe(wellFormed);
    }),
  );
});

test('freshness: exact to the nanosecond on both ends', () => {
  const ns = fc.bigInt({ min: 0n, max: 2n ** 64n });
  const span = fc.bigInt({ min: 0n, max: 10n ** 12n });
  fc.assert(
    fc.property(ns, span, span, fc.boolean(), (now, maxAgeNs, futureNs, inclusive) => {
      const rule = { maxAgeNs, futureNs, inclusive };
      const oldest = now - maxAgeNs;
      expect(judgeFreshness(oldest, now, rule)).toBe(inclusive ? 'fresh' : 'stale');
      expect(judgeFreshness(oldest - 1n, now, rule)).toBe('stale');
      if (maxAgeNs > 0n) expect(judgeFreshness(oldest + 1n, now, rule)).toBe('fresh');
      if (maxAgeNs > 0n) expect(judgeFreshness(now + futureNs, now, rule)).toBe('fresh');
      expect(judgeFreshness(now + futureNs + 1n, now, rule)).toBe('future');
    }),
  );
});

test('header text: printable ASCII of bounded length, whatever goes in', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), (text) => {
      expect(headerText(text, 100)).toMatch(/^[\x20-\x7e]{0,100}$/);
    }),
  );
});

test('routes: no path makes an exception, and only exact ones are found', () => {
  const router = createRouter('hotkey', DEFAULT_ROUTES, DEFAULT_LIMITS);
  fc.assert(
    fc.property(fc.oneof(latin1, fc.webPath(), fc.constant('/ImageSynapse%')), (path) => {
      const found = router.find(path);
      const [plain] = path.split('?');
      expect(found !== undefined).toBe(
        ['/Synapse', '/ImageSynapse', '/ExtendedImageSynapse', '/predict'].includes(plain ?? ''),
      );
      expect(router.unknown(path).status).toBe(404);
    }),
  );
});

/** What the body means, by the book. */
function reference(body: Buffer): string {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body));
  } catch {
    return 'syntax';
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'shape';
  const image =
    Object.entries(value).find(([key]) => key === 'image')?.[1] ??
    (Object.hasOwn(value, 'image') ? null : '');
  return typeof image === 'string' ? Buffer.from(image, 'base64').toString('hex') : 'shape';
}

function subject(body: Buffer): string {
  const found = decodeImageField(body);
  return found.ok ? Buffer.from(found.image).toString('hex') : found.problem;
}

const padding = ' '.repeat(5_000);

test('image field: the short way and JSON.parse agree on bodies as clients make them', () => {
  const shapes = fc.record({
    before: fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 }),
    image: fc.oneof(fc.base64String({ maxLength: 9_000 }), fc.string(), fc.jsonValue({ maxDepth: 1 })),
    after: fc.dictionary(
      fc.constantFrom('image', 'prediction', 'x', '__proto__'),
      fc.jsonValue({ maxDepth: 1 }),
      {
        maxKeys: 2,
      },
    ),
    space: fc.constantFrom('', ' ', padding),
  });
  fc.assert(
    fc.property(shapes, ({ before, image, after, space }) => {
      const members = [...Object.entries(before), ['image', image], ...Object.entries(after)].map(
        ([key, value]) => `${JSON.stringify(key)}:${space}${JSON.stringify(value)}`,
      );
      const body = Buffer.from(`{${members.join(',')}}`);
      expect(subject(body)).toBe(reference(body));
    }),
    { numRuns: 500 },
  );
});

test('image field: agreement on broken bodies, too', () => {
  const base = `{"a": {"image": "QUJD"}, "image": "${'QUJD'.repeat(1_500)}", "b": "\\"image\\": \\"x\\"", "c": [1]}`;
  const pieces = [
    '"image"',
    '"',
    '\\',
    '{',
    '}',
    ':',
    ',',
    '\n',
    '\0',
    'é',
    '\\u0022',
    '"image": "QQ=="',
    '=',
    '-_',
  ];
  const edits = fc.array(
    fc.tuple(fc.nat(base.length + 50), fc.integer({ min: 0, max: 40 }), fc.constantFrom('', ...pieces)),
    { minLength: 1, maxLength: 3 },
  );
  fc.assert(
    fc.property(edits, fc.boolean(), (changes, asLatin1) => {
      let text = base;
      for (const [at, remove, insert] of changes) text = text.slice(0, at) + insert + text.slice(at + remove);
      const body = Buffer.from(text, asLatin1 ? 'latin1' : 'utf8');
      expect(subject(body)).toBe(reference(body));
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ['one invalid character in five', `{"image":"QUJDR${'QUJD'.repeat(1_200)}\u0001"}`],
  ['a control character', `{"image":"${'QUJD'.repeat(1_200)}\u0001QUJ"}`],
  ['padding inside', `{"image":"QQ==${'QUJD'.repeat(1_200)}"}`],
  ['three paddings', `{"image":"${'QUJD'.repeat(1_200)}Q==="}`],
  ['URL-safe alphabet', `{"image":"${'-_-_'.repeat(1_200)}"}`],
  ['line breaks as escapes', `{"image":"${'QUJD\\n'.repeat(1_200)}"}`],
  ['an escaped key', `{"\\u0069mage":"QUJD","x":"${'x'.repeat(5_000)}"}`],
  ['the last of two', `{"image":"${'QUJD'.repeat(1_200)}","image":"QQ=="}`],
  ['the first nested', `{"x":{"image":"QQ=="},"image":"${'QUJD'.repeat(1_200)}"}`],
  ['only nested', `{"x":{"image":"${'QUJD'.repeat(1_200)}"}}`],
  ['in a text', `{"x":"\\"image\\": \\"${'QUJD'.repeat(1_200)}\\""}`],
  ['a byte order mark', `\ufeff{"image":"${'QUJD'.repeat(1_200)}"}`],
])('image field: %s', (_name, text) => {
  const body = Buffer.from(text);
  expect(subject(body)).toBe(reference(body));
});
