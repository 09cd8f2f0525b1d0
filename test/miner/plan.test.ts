import { expect, test } from 'vitest';
import { loadSettings, type Surroundings } from '../../src/config/index.ts';
import { planServe } from '../../src/miner/plan.ts';

const surroundings: Surroundings = { env: {}, home: '/home/me', cwd: '/home/me/here' };

async function plan(
  flags: Record<string, string>,
  over: { offline?: boolean; allowDemoModel?: boolean } = {},
) {
  const env = Object.fromEntries(Object.entries(flags).map(([key, value]) => [`SV72_${key}`, value]));
  const { settings } = await loadSettings({ at: { ...surroundings, env } });
  return planServe({
    settings,
    surroundings,
    packageRoot: '/package',
    offline: over.offline ?? false,
    allowDemoModel: over.allowDemoModel ?? false,
  });
}

const ANY = { CALLERS_ALLOW_ANY: 'true' };

test.each([
  ['finney', false, false, false],
  ['test', false, false, false],
  ['wss://somewhere.example:443', false, false, false],
  ['local', false, false, true],
  ['ws://127.0.0.1:9944', false, false, true],
  ['finney', true, false, true],
  ['finney', false, true, true],
])(
  'network %s, offline %s, insisted %s: the demonstration model may be served: %s',
  async (network, offline, insisted, may) => {
    const { mayServeDemo } = await plan({ ...ANY, NETWORK: network }, { offline, allowDemoModel: insisted });
    expect(mayServeDemo).toBe(may);
  },
);

test('paths are absolute, the demonstration model is the package’s', async () => {
  const made = await plan({ ...ANY, WALLET_PATH: '~/keys', STORE_KEEP_IMAGES: 'true' });
  expect(made).toMatchObject({
    bundleDir: '/package/models/demo',
    walletRoot: '/home/me/keys',
    storePath: '/home/me/.local/share/sv72/sv72.db',
    imageFolder: '/home/me/.local/share/sv72/images',
    netuid: 72,
  });
  expect(await plan({ ...ANY, BUNDLE: 'model', NETWORK: 'test' })).toMatchObject({
    bundleDir: '/home/me/here/model',
    imageFolder: null,
    netuid: 323,
  });
});

test('what is not done is said', async () => {
  expect((await plan(ANY)).warnings.join(' ')).toMatch(/not announced.*Everyone who signs/);
  expect((await plan(ANY, { offline: true })).warnings).toEqual([]);
});

test.each([
  [{}, 'ERR_NO_CALLERS'],
  [{ ...ANY, PROFILE: 'video' }, 'ERR_NOT_YET'],
  [{ ...ANY, PROFILES_SPEED_ENGINE: 'oip' }, 'ERR_NOT_YET'],
])('%o is refused with %s', async (flags, code) => {
  await expect(plan(flags)).rejects.toMatchObject({ code });
});
