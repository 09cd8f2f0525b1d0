import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { compileRuntime } from '../../support/wasm-runtime/compile.ts';

it('the test chain’s runtime is what its source compiles to', async () => {
  const kept = await readFile(new URL('../../support/wasm-runtime/runtime.wasm', import.meta.url));
  const made = await compileRuntime();
  expect(Buffer.compare(kept, made)).toBe(0);
});
