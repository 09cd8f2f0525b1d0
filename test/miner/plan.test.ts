import type { NetworkInterfaceInfo } from 'node:os';
import { expect, test } from 'vitest';
import { loadSettings, type Surroundings } from '../../src/config/index.ts';
import { planServe } from '../../src/miner/plan.ts';

const surroundings: Surroundings = { env: {}, home: '/home/me', cwd: '/home/me/here' };

async function plan(
  flags: Record<string, string>,
  over: {
    offline?: boolean;
    allowDemoModel?: boolean;
    forceAnnounce?: boolean;
    interfaces?: NodeJS.Dict<NetworkInterfaceInfo[]>;
  } = {},
) {
  const env = Object.fromEntries(Object.entries(flags).map(([key, value]) => [`SV72_${key}`, value]));
  const { settings } = await loadSettings({ at: { ...surroundings, env } });
  return planServe({
    settings,
    surroundings,
    packageRoot: '/package',
    offline: over.offline ?? false,
    allowDemoModel: over.allowDemoModel ?? false,
    forceAnnounce: over.forceAnnounce ?? false,
    interfaces: over.interfaces ?? {},
  });
}

const ANY = { CALLERS_ALLOW_ANY: 'true' };
const QUIET = { AXON_ANNOUNCE: 'false' };

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
    const flags = { ...ANY, ...QUIET, NETWORK: network };
    const { mayServeDemo } = await plan(flags, { offline, allowDemoModel: insisted });
    expect(mayServeDemo).toBe(may);
  },
);

test('paths are absolute, the demonstration model is the package’s', async () => {
  const made = await plan({ ...QUIET, WALLET_PATH: '~/keys', STORE_KEEP_IMAGES: 'true' });
  expect(made).toMatchObject({
    bundleDir: '/package/models/demo',
    walletRoot: '/home/me/keys',
    storePath: '/home/me/.local/share/sv72/sv72.db',
    imageFolder: '/home/me/.local/share/sv72/images',
    netuid: 72,
    chain: {
      folder: '/home/me/.local/share/sv72/presence',
      access: { network: 'finney', cacheDir: '/home/me/.cache/sv72', timeoutMs: 30_000 },
      refreshMs: 120_000,
    },
  });
  expect(await plan({ ...QUIET, BUNDLE: 'model', NETWORK: 'test' })).toMatchObject({
    bundleDir: '/home/me/here/model',
    imageFolder: null,
    netuid: 323,
  });
});

test('what is not done is said', async () => {
  expect((await plan({ ...ANY, ...QUIET })).warnings.join(' ')).toMatch(/Everyone who signs.*not announced/);
  expect((await plan(ANY, { offline: true })).warnings).toEqual([]);
});

test.each([
  ['validators by default', {}, false, { any: false, file: null, validators: true }],
  [
    'a file beside them',
    { CALLERS_FILE: 'c.txt' },
    false,
    { any: false, file: '/home/me/here/c.txt', validators: true },
  ],
  [
    'a file alone',
    { CALLERS_FILE: 'c.txt', CALLERS_VALIDATORS: 'false' },
    false,
    { any: false, file: '/home/me/here/c.txt', validators: false },
  ],
  ['everybody', { ...ANY, CALLERS_FILE: 'c.txt' }, false, { any: true, file: null, validators: true }],
  [
    'a file without a chain',
    { CALLERS_FILE: '/c.txt' },
    true,
    { any: false, file: '/c.txt', validators: false },
  ],
])('who may ask: %s', async (_, flags, offline, callers) => {
  expect((await plan({ ...QUIET, ...flags }, { offline })).callers).toEqual(callers);
});

test('the address to announce is the one given, with its own port', async () => {
  const given = { AXON_EXTERNAL_IP: '::ffff:8.8.4.4', AXON_EXTERNAL_PORT: '40091' };
  expect((await plan(given)).chain?.announce).toMatchObject({
    address: { ip: { ip: 0x08080404n, type: 4 }, from: 'settings', range: 'public' },
    prometheusPort: null,
  });
  const forced = await plan({ AXON_EXTERNAL_IP: '10.0.0.7' }, { forceAnnounce: true });
  expect(forced.chain?.announce?.address.range).toBe('private');
  expect(forced.warnings.join(' ')).toContain('not everyone can reach it');
});

test('on a chain of this machine, having no address is no reason to refuse', async () => {
  const local = await plan({ NETWORK: 'local' });
  expect(local.chain?.announce).toBeNull();
  expect(local.warnings.join(' ')).toContain('not announced');
});

test.each([
  [{}, { offline: true }, 'ERR_NO_CALLERS'],
  [{ ...QUIET, CALLERS_VALIDATORS: 'false' }, {}, 'ERR_NO_CALLERS'],
  [{}, {}, 'ERR_EXTERNAL_IP'],
  [{ AXON_EXTERNAL_IP: '192.168.1.7' }, {}, 'ERR_ANNOUNCE_ADDRESS'],
  [{ AXON_EXTERNAL_IP: 'miner.example.org' }, {}, 'ERR_ANNOUNCE_ADDRESS'],
  [{ ...ANY, PROFILES_SPEED_ENGINE: 'openai' }, {}, 'ERR_SERVER_URL'],
  [{ ...ANY, PROFILES_SPEED_ENGINE: 'oip' }, {}, 'ERR_SERVER_URL'],
])('%o %o is refused with %s', async (flags, over, code) => {
  await expect(plan(flags, over)).rejects.toMatchObject({ code });
});

test('what is given to a profile and taken by none of its stages is said', async () => {
  const stages = JSON.stringify([
    { name: 'small', bundle: './small' },
    { name: 'vlm', engine: 'openai', server: { url: 'http://127.0.0.1:8001/v1' } },
  ]);
  const given = { ...ANY, ...QUIET, PROFILE: 'accuracy', PROFILES_ACCURACY_BUNDLE: './mine' };
  const warned = await plan({ ...given, PROFILES_ACCURACY_STAGES: stages }, { offline: true });
  expect(warned.warnings).toEqual([
    'The bundle ./mine of the profile accuracy is not used: each of its stages (small, vlm) has its own or needs none.',
  ]);
  expect((await plan(given, { offline: true })).warnings).toEqual([]);
  const asks = {
    PROFILES_ACCURACY_ENGINE: 'openai',
    PROFILES_ACCURACY_SERVER_URL: 'http://127.0.0.1:8001/v1',
  };
  expect((await plan({ ...given, ...asks }, { offline: true })).warnings).toEqual([
    'The bundle ./mine of the profile accuracy is not used: its one model has no use for it.',
  ]);
  const idle = { ...ANY, ...QUIET, PROFILES_SPEED_SERVER_URL: 'http://127.0.0.1:8001/v1' };
  expect((await plan(idle, { offline: true })).warnings).toEqual([
    'The server http://127.0.0.1:8001/v1 of the profile speed is not used: its one model has no use for it.',
  ]);
});
