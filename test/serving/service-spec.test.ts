import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Origin } from '../../src/config/index.ts';
import { settingsSchema } from '../../src/config/schema/index.ts';
import { chooseMiners } from '../../src/serving/service/choice.ts';
import { serviceSpec, usualMemory } from '../../src/serving/service/spec.ts';
import { enginesUnit, serveUnit } from '../../src/serving/service/units.ts';

const MINERS = [
  { hotkey: 'hk1' },
  { hotkey: 'hk2', profile: 'accuracy' },
  { hotkey: 'hk3', profile: 'video', bundle: '/models/own' },
];

interface Given {
  readonly all?: boolean | undefined;
  readonly origins?: Readonly<Record<string, Origin>>;
  readonly home?: string;
}

const choiceOf = (file: object, { all, origins = {} }: Given = {}) =>
  chooseMiners({ settings: settingsSchema.parse(file), origins: new Map(Object.entries(origins)) }, all);

function specOf(file: object, given: Given = {}) {
  return serviceSpec({
    settings: settingsSchema.parse(file),
    choice: choiceOf(file, given),
    surroundings: { env: {}, home: given.home ?? '/home/me', cwd: '/home/me/project' },
    packageRoot: '/package',
    node: '/usr/bin/node',
    user: 'me',
    scope: 'user',
    name: null,
    config: undefined,
    memoryMib: null,
    totalMib: 64 * 1024,
    gpus: true,
  });
}

const typed: Origin = { from: 'flag', name: '--profile' };

it.each<[string, object, Given, string, RegExp | null]>([
  ['none is listed', {}, {}, 'serve', null],
  [
    'a profile is named',
    { profile: 'accuracy' },
    { origins: { profile: typed } },
    'serve --profile accuracy',
    null,
  ],
  [
    'some are listed',
    { miners: MINERS },
    {},
    'serve --all',
    /lists? 3 miners.*--no-all.* default with the profile speed\.$/,
  ],
  ['some are listed, and all wanted', { miners: MINERS }, { all: true }, 'serve --all', null],
  ['some are listed, and not wanted', { miners: MINERS }, { all: false }, 'serve', null],
  [
    'some are listed, and a profile is named',
    { miners: MINERS, profile: 'video' },
    { origins: { profile: typed } },
    'serve --profile video',
    /but a profile is named.*; --all runs them all\.$/,
  ],
])('the command where %s', (_, file, given, command, remark) => {
  const choice = choiceOf(file, given);
  expect(choice.command.join(' ')).toBe(command);
  if (remark === null) expect(choice.remark).toBeNull();
  else expect(choice.remark).toMatch(remark);
});

it('all of none is refused', () => {
  expect(() => choiceOf({}, { all: true })).toThrow(expect.objectContaining({ code: 'ERR_NO_MINERS' }));
});

it('what the unit needs is right for all of them', () => {
  const server = { url: 'http://127.0.0.1:8000' };
  const spec = specOf({
    miners: MINERS,
    profiles: {
      speed: { device: 'cpu' },
      accuracy: {
        stages: [
          { name: 'one', device: 'cpu' },
          { name: 'two', bundle: '/models/large' },
        ],
      },
      video: { engine: 'oip', server, launch: 'auto' },
    },
    store: { path: '/elsewhere/sv72.db' },
    chain: { cache: '/cache/chain' },
    axon: { max_connections: 60_000 },
  });
  expect(spec).toMatchObject({
    command: ['serve', '--all'],
    about: 'hk1 (speed), hk2 (accuracy), hk3 (video)',
    folder: '/home/me',
    models: 2,
    gpu: true,
    engines: [{ profile: 'video', bundle: '/models/own' }],
    memoryMib: 32_768,
    files: 3 * 63_072,
  });
  expect(spec.writable).toEqual(expect.arrayContaining(['/elsewhere', '/cache/chain']));
  expect(serveUnit(spec)).toMatch(/^ExecStart=\/usr\/bin\/node \/package\/bin\/run\.js serve --all$/m);
  const engines = enginesUnit(spec);
  expect(engines).toMatch(
    /^ExecStart=\/usr\/bin\/env SV72_BUNDLE=\/models\/own \S+ \S+ engine up --profile video$/m,
  );
  expect(engines).toMatch(/^ExecStop=.* engine down --profile video$/m);
});

it('the servers of each profile are started once', () => {
  const launched = { engine: 'oip', launch: 'auto', server: { url: 'http://127.0.0.1:8000' } };
  const miners = [...MINERS.slice(0, 2), { hotkey: 'hk4', profile: 'accuracy' }];
  const spec = specOf({ miners, profiles: { speed: launched, accuracy: launched, video: launched } });
  expect(spec.engines.map(({ profile }) => profile)).toEqual(['speed', 'accuracy']);
  // Where one fails, the others are started all the same.
  expect(enginesUnit(spec).match(/^Exec(Start|Stop)=-\/usr\/bin\/env \S+ \S+ engine /gm)).toHaveLength(4);
  expect(specOf({ miners, profiles: { accuracy: launched } }, { all: false }).engines).toEqual([]);
});

it('relative paths count from where it was installed', () => {
  expect(specOf({ miners: [{ hotkey: 'hk1', bundle: './own' }] }).folder).toBe('/home/me/project');
  expect(specOf({ profiles: { accuracy: { bundle: './unused' } } }).folder).toBe('/home/me');
  expect(specOf({ callers: { file: 'callers.txt' } }).folder).toBe('/home/me/project');
});

it('no coldkey of the folder is shown to the miner', () => {
  const home = mkdtempSync(join(tmpdir(), 'sv72-spec-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const wallets = join(home, '.bittensor', 'wallets');
  for (const name of ['other', 'watched']) mkdirSync(join(wallets, name, 'hotkeys'), { recursive: true });
  writeFileSync(join(wallets, 'other', 'coldkey'), '');
  const { coldkeys } = specOf({ wallet: { name: 'w' }, miners: MINERS }, { home });
  expect(coldkeys).toEqual([join(wallets, 'w', 'coldkey'), join(wallets, 'other', 'coldkey')]);
});

it.each([
  [1, 2_048, 2_048],
  [1, 8_192, 4_096],
  [1, 131_072, 16_384],
  [3, 4_096, 3_072],
  [3, 6_144, 4_096],
  [3, 65_536, 32_768],
  [3, 1_048_576, 49_152],
])('%i models on a machine with %i MiB have %i', (models, total, memory) => {
  expect(usualMemory(models, total)).toBe(memory);
});
