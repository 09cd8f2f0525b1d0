import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/interop/**', 'test/slow/**'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // Left to itself, vitest leaves one processor free, which on two is half of them.
    maxWorkers: '100%',
    // The test chain loads polkadot-js as ES modules beside sv72, which loads it as CommonJS.
    env: { POLKADOTJS_DISABLE_ESM_CJS_WARNING: '1' },
  },
});
