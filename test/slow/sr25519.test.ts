import { expect, test } from 'vitest';
import { compare } from '../axon/support/agreement.ts';

/** The proof behind `src/axon/sr25519-verify.ts`: some minutes of checks against the other implementations. */
test('100,000 signatures of all kinds: no disagreement', async () => {
  const { checked, valid, disagreements } = await compare(20_260_721, 102_000, 4);
  expect(disagreements).toEqual([]);
  expect(checked).toBe(102_000);
  expect(valid).toBeGreaterThan(5_000);
}, 1_800_000);
