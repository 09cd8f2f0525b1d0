import { expect, test } from 'vitest';
import { compileVerifier } from '../../scripts/sr25519/compile.ts';
import { MODULE } from '../../src/axon/sr25519/module.ts';

test('the module of the signature checks is what its sources compile to', async () => {
  expect(Buffer.from(await compileVerifier()).toString('base64')).toBe(MODULE);
});
