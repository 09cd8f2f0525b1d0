import { expect, test } from 'vitest';
import { discard } from '../../src/inference/discard.ts';

test('bytes with a buffer of their own give it back', () => {
  const bytes = new Uint8Array(1_000);
  discard(bytes);
  expect(bytes.length).toBe(0);
});

test('bytes that share their buffer stay', () => {
  const buffer = new ArrayBuffer(1_000);
  const part = new Uint8Array(buffer, 0, 999);
  discard(part);
  expect(part.length).toBe(999);
  const pooled = Buffer.from('a short text');
  discard(pooled);
  expect(pooled.toString()).toBe('a short text');
});
