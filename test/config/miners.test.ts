import { expect, it } from 'vitest';
import type { Origin } from '../../src/config/index.ts';
import {
  hotkeysMeant,
  listedMiners,
  minersInView,
  plainMiners,
  settingsOfMiner,
} from '../../src/config/index.ts';
import { settingsSchema } from '../../src/config/schema/index.ts';

const MINERS = [
  { hotkey: 'hk1' },
  { hotkey: 'hk2', profile: 'accuracy', port: 8101 },
  { hotkey: 'hk3', bundle: './own', external_port: 40_003 },
];

const parsed = (given: object = {}) => settingsSchema.parse({ axon: { external_port: 40_000 }, ...given });

const inView = (given: object, origins: Readonly<Record<string, Origin>> = {}) => {
  const { miners, listed } = minersInView({
    settings: parsed(given),
    origins: new Map(Object.entries(origins)),
  });
  return [listed, ...miners.map(({ hotkey, profile, port }) => `${hotkey} ${profile} ${port}`)];
};

const flag: Origin = { from: 'flag', name: '--any' };
const LISTED = ['hk1 speed 8091', 'hk2 accuracy 8101', 'hk3 speed 8093'];

it('the listed ones have their own ports, or the next', () => {
  expect(listedMiners(parsed({ miners: MINERS }))).toEqual([
    { hotkey: 'hk1', profile: 'speed', bundle: null, port: 8091, externalPort: 40_000 },
    { hotkey: 'hk2', profile: 'accuracy', bundle: null, port: 8101, externalPort: null },
    { hotkey: 'hk3', profile: 'speed', bundle: './own', port: 8093, externalPort: 40_003 },
  ]);
});

it('the plain ones are the hotkeys of the wallet with the profile in use', () => {
  expect(plainMiners(parsed({ profile: 'video', wallet: { hotkeys: ['a', 'b'] } }))).toMatchObject([
    { hotkey: 'a', profile: 'video', port: 8091, externalPort: 40_000 },
    { hotkey: 'b', profile: 'video', port: 8092, externalPort: 40_001 },
  ]);
});

it.each<[string, object, Readonly<Record<string, Origin>>, unknown[]]>([
  ['none is listed', {}, {}, [false, 'default speed 8091']],
  ['some are listed', { miners: MINERS }, {}, [true, ...LISTED]],
  [
    'one is named, with its own port and profile',
    { miners: MINERS, wallet: { hotkeys: ['hk2'] } },
    { 'wallet.hotkeys': flag },
    [true, 'hk2 accuracy 8101'],
  ],
  [
    'one is named by our variable',
    { miners: MINERS, wallet: { hotkeys: ['hk3'] } },
    { 'wallet.hotkeys': { from: 'environment', name: 'SV72_WALLET_HOTKEYS' } },
    [true, 'hk3 speed 8093'],
  ],
  [
    'one is named by the file, or for btcli',
    { miners: MINERS, wallet: { hotkeys: ['hk2'] } },
    { 'wallet.hotkeys': { from: 'environment', name: 'BT_WALLET_HOTKEY' } },
    [true, ...LISTED],
  ],
  [
    'one is named that is not listed',
    { miners: MINERS, wallet: { hotkeys: ['other'] } },
    { 'wallet.hotkeys': flag },
    [false, 'other speed 8091'],
  ],
  [
    'a flag says how',
    { miners: MINERS, profile: 'video', wallet: { hotkeys: ['hk2'] } },
    { 'wallet.hotkeys': flag, profile: flag },
    [false, 'hk2 video 8091'],
  ],
  [
    'a flag says with what',
    { miners: MINERS },
    { 'profiles.speed.bundle': flag },
    [false, 'default speed 8091'],
  ],
])('in view where %s', (_, given, origins, expected) => {
  expect(inView(given, origins)).toEqual(expected);
});

it('the settings of one miner have its profile and bundle, and leave the others alone', () => {
  const settings = parsed({ miners: MINERS });
  const [one, two, three] = listedMiners(settings);
  if (!one || !two || !three) throw new Error('three were listed');
  expect(settingsOfMiner(settings, two)).toMatchObject({ profile: 'accuracy' });
  expect(settingsOfMiner(settings, three).profiles.speed.bundle).toBe('./own');
  expect(settingsOfMiner(settings, one).profiles.speed.bundle).toBe('demo');
});

it.each<[string, object, Origin['from'] | undefined, string[]]>([
  ['those of the wallet where none is listed', {}, undefined, ['default']],
  ['the listed ones where nothing is said', { miners: MINERS }, undefined, ['hk1', 'hk2', 'hk3']],
  ['the listed ones where only btcli was told', { miners: MINERS }, 'btcli', ['hk1', 'hk2', 'hk3']],
  ['the one that is said', { miners: MINERS, wallet: { hotkeys: ['hk2'] } }, 'file', ['hk2']],
])('a command for one hotkey may mean %s', (_, given, from, expected) => {
  const origins = new Map(from === undefined ? [] : [['wallet.hotkeys', { from, name: 'x' }]]);
  expect(hotkeysMeant({ settings: parsed(given), origins }).hotkeys).toEqual(expected);
});
