import { expect, test } from 'vitest';
import { demandMemory } from '../../src/deploy/memory.ts';

test('a second model is refused where it does not fit, and the figures are said', () => {
  expect(() => demandMemory(100e6, 1, 600e6)).not.toThrow();
  expect(() => demandMemory(100e6, 1, 599e6)).toThrow(
    /needs about 600 MB of memory beside the live one, and 599 MB are free/,
  );
  expect(() => demandMemory(100e6, 2, 999e6)).toThrow(/1000 MB/);
});
