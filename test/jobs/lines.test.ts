import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Lines } from '../../src/jobs/lines.ts';

function cut(chunks: readonly Uint8Array[]): string[] {
  const found: string[] = [];
  const lines = new Lines((line) => found.push(line));
  for (const chunk of chunks) lines.push(chunk);
  lines.end();
  return found;
}

it('cuts at LF, CR and both, wherever the bytes are divided', () => {
  const text = fc.array(fc.constantFrom('a', 'ä', '🚧', '\n', '\r', '\r\n', ' '), { maxLength: 30 });
  fc.assert(
    fc.property(text, fc.array(fc.nat(60)), (pieces, cuts) => {
      const bytes = Buffer.from(pieces.join(''));
      const at = [...new Set([0, ...cuts.filter((place) => place < bytes.length), bytes.length])].sort(
        (a, b) => a - b,
      );
      const chunks = at.slice(1).map((end, index) => bytes.subarray(at[index], end));
      const whole = pieces.join('').split(/\r\n|\r|\n/);
      if (whole.at(-1) === '') whole.pop();
      expect(cut(chunks)).toEqual(whole);
    }),
  );
});

it('cuts a line that does not end', () => {
  const [line = '', rest, ...more] = cut([
    Buffer.alloc(600_000, 'x'),
    Buffer.alloc(600_000, 'y'),
    Buffer.from('z\nnext'),
  ]);
  expect(line.length).toBe(1_048_577);
  expect(line.endsWith('y…')).toBe(true);
  expect([rest, ...more]).toEqual(['next']);
});

it('takes wrong bytes as the replacement character', () => {
  expect(cut([Uint8Array.of(0x61, 0xff, 0x0a)])).toEqual(['a\ufffd']);
});
