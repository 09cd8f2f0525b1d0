import fc from 'fast-check';
import { expect, test } from 'vitest';
import { startOn } from '../../src/axon/clock.ts';
import { ReplayGuard } from '../../src/axon/replay.ts';

test('a request is accepted once per caller', () => {
  const guard = new ReplayGuard(10, () => 0n);
  expect(guard.accept('a', 'u.5', 5n, 0n)).toBe(true);
  expect(guard.accept('a', 'u.5', 5n, 0n)).toBe(false);
  expect(guard.accept('b', 'u.5', 5n, 0n)).toBe(true);
  expect(guard.accept('a', 'v.5', 5n, 0n)).toBe(true);
});

test('nonces from before the start are replays', () => {
  const guard = new ReplayGuard(10, () => 100n);
  expect(guard.isReplay('a', '99', 99n)).toBe(true);
  expect(guard.isReplay('a', '100', 100n)).toBe(false);
});

test('stale entries are forgotten first, and nothing accepted is ever accepted again', () => {
  const nonces = fc.array(fc.bigInt({ min: 0n, max: 200n }), { maxLength: 200 });
  fc.assert(
    fc.property(nonces, fc.integer({ min: 1, max: 20 }), (sequence, capacity) => {
      const guard = new ReplayGuard(capacity, () => 0n);
      const accepted = new Set<bigint>();
      let newest = 0n;
      for (const nonce of sequence) {
        if (nonce > newest) newest = nonce;
        const staleBefore = newest - 20n;
        // The freshness check runs before, so that stale nonces never get here.
        if (nonce < staleBefore) continue;
        const taken = guard.accept('caller', nonce.toString(), nonce, staleBefore);
        expect(taken && accepted.has(nonce)).toBe(false);
        if (taken) accepted.add(nonce);
        expect(guard.remembered('caller')).toBeLessThanOrEqual(capacity);
      }
    }),
  );
});

test('memory is bounded however many requests there are', () => {
  const guard = new ReplayGuard(100, () => 0n);
  for (let i = 0n; i < 10_000n; i++) guard.accept('caller', `${i}`, i, 0n);
  expect(guard.remembered('caller')).toBeLessThanOrEqual(100);
  expect(guard.isReplay('caller', '5', 5n)).toBe(true);
});

test('memory is bounded however many callers there are', () => {
  const guard = new ReplayGuard(100, () => 0n);
  for (let i = 0; i < 5_000; i++) guard.accept(`caller ${i}`, '1', 1n, 0n);
  expect(guard.remembered('caller 0')).toBe(0);
  expect(guard.remembered('caller 4999')).toBe(1);
});

test('the moment of the start moves with a clock that is set, and not with one that ticks a little differently', () => {
  let [wallNs, monotonicMs] = [1_000_000_000_000n, 50];
  const start = startOn({ wallNs: () => wallNs, monotonicMs: () => monotonicMs });
  expect(start()).toBe(1_000_000_000_000n);
  wallNs += 10_000_400_000n;
  monotonicMs += 10_000;
  expect(start()).toBe(1_000_000_000_000n);
  wallNs -= 500_000_000_000n;
  expect(start()).toBe(500_000_400_000n);
});
