import { expect, test } from 'vitest';
import { digestOfSources } from '../../../scripts/sr25519/compile.ts';
import { SOURCES } from '../../../src/axon/sr25519/module.ts';

test('the compiled module is of these sources; if not: npm run build:sr25519', async () => {
  expect(SOURCES).toBe(await digestOfSources());
});
