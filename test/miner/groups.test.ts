import { expect, test } from 'vitest';
import type { Settings } from '../../src/config/index.ts';
import { settingsSchema } from '../../src/config/schema/index.ts';
import { planMiners, planOneGroup, unservedWarning } from '../../src/miner/groups.ts';

function options(given: object) {
  const settings: Settings = settingsSchema.parse({ callers: { allow_any: true }, ...given });
  return {
    settings,
    surroundings: { env: {}, home: '/home/me', cwd: '/home/me/here' },
    packageRoot: '/package',
    offline: true,
    allowDemoModel: false,
  };
}

const seatsOf = (given: object) =>
  planMiners(options(given)).map(({ plan, seats }) => ({
    profile: plan.profileName,
    bundle: plan.bundleDir,
    seats: seats.map(({ name, port, externalPort }) => [name, port, externalPort]),
  }));

test('miners with one profile and one bundle are one group, each on its own port', () => {
  const profiles = { accuracy: { bundle: '/models/large', cache_entries: 9 } };
  const miners = [
    { hotkey: 'hk1' },
    { hotkey: 'hk2', profile: 'accuracy' },
    { hotkey: 'hk3', port: 9000 },
    { hotkey: 'hk4', bundle: 'mine' },
    { hotkey: 'hk5', external_port: 40_005 },
  ];
  expect(seatsOf({ profiles, miners, axon: { external_port: 40_091 } })).toEqual([
    {
      profile: 'speed',
      bundle: '/package/models/demo',
      seats: [
        ['hk1', 8091, 40_091],
        ['hk3', 9000, null],
        ['hk5', 8095, 40_005],
      ],
    },
    { profile: 'accuracy', bundle: '/models/large', seats: [['hk2', 8092, 40_092]] },
    { profile: 'speed', bundle: '/home/me/here/mine', seats: [['hk4', 8094, 40_094]] },
  ]);
  const [, accuracy] = planMiners(options({ profiles, miners }));
  expect(accuracy?.plan.profile).toMatchObject({ cache_entries: 9, answer_within_s: 8 });
});

test('port 0 is a free one for each', () => {
  expect(seatsOf({ axon: { port: 0 }, miners: [{ hotkey: 'a' }, { hotkey: 'b' }] })[0]?.seats).toEqual([
    ['a', 0, null],
    ['b', 0, null],
  ]);
});

test.each([
  ['none listed', [], 'ERR_NO_MINERS'],
  ['one port twice', [{ hotkey: 'a' }, { hotkey: 'b', port: 8091 }], 'ERR_SAME_PORT'],
])('%s is refused', (_, miners, code) => {
  expect(() => planMiners(options({ miners }))).toThrow(expect.objectContaining({ code }));
});

test('miners that are listed and not asked for are said', () => {
  const warned = (given: object, named: boolean) =>
    unservedWarning({ settings: settingsSchema.parse(given), origins: new Map() }, named).length;
  const miners = [{ hotkey: 'a' }, { hotkey: 'b' }];
  expect([warned({ miners }, false), warned({ miners }, true), warned({}, false)]).toEqual([1, 0, 0]);
});

test('a hotkey is listed once', () => {
  expect(settingsSchema.safeParse({ miners: [{ hotkey: 'a' }, { hotkey: 'a' }] }).success).toBe(false);
});

test('without a list, the hotkeys of the wallet share the profile, on counted ports', () => {
  const { plan, seats } = planOneGroup(
    options({ wallet: { hotkeys: ['a', 'b'] }, axon: { external_port: 7000 } }),
  );
  expect(plan.profileName).toBe('speed');
  expect(seats).toEqual([
    { name: 'a', port: 8091, externalPort: 7000 },
    { name: 'b', port: 8092, externalPort: 7001 },
  ]);
});
