import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

// Programs that tests start, hundreds of them, find what they load compiled already.
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'node-compile-cache');

/** What has to do with pictures: sharp keeps for a whole process which formats may be read. */
const ALONE =
  'bundle,cascade,commands,data,deploy,e2e,evaluate,fitting,inference,miner,package,serving,simulate,training,variants,video';
const LEFT_OUT = ['test/interop/**', 'test/slow/**'];

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // Left to itself, vitest leaves one processor free, which on two is half of them.
    maxWorkers: '100%',
    // The test chain loads polkadot-js as ES modules beside sv72, which loads it as CommonJS.
    env: { POLKADOTJS_DISABLE_ESM_CJS_WARNING: '1' },
    projects: [
      {
        extends: true,
        test: { name: 'alone', include: [`test/{${ALONE}}/**/*.test.ts`], exclude: LEFT_OUT },
      },
      {
        extends: true,
        // src keeps no state of a process, so that what is loaded once serves many files.
        test: {
          name: 'together',
          include: ['test/**/*.test.ts'],
          exclude: [...LEFT_OUT, `test/{${ALONE}}/**`],
          isolate: false,
        },
      },
    ],
  },
});
