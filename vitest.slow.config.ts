import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/slow/**/*.test.ts'],
    testTimeout: 1_200_000,
    hookTimeout: 600_000,
    pool: 'forks',
    maxWorkers: 2,
    // The test chain loads polkadot-js as ES modules beside sv72, which loads it as CommonJS.
    env: { POLKADOTJS_DISABLE_ESM_CJS_WARNING: '1' },
  },
});
