import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/interop/**/*.interop.test.ts'],
    testTimeout: 120_000,
    // The first run makes the Python environments.
    hookTimeout: 900_000,
    pool: 'forks',
    fileParallelism: false,
  },
});
