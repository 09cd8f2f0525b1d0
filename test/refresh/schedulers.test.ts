import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chooseScheduler, install, mustBeOwnUser, scheduled, uninstall } from '../../src/refresh/index.ts';
import { agentPlist } from '../../src/refresh/scheduler/launchd.ts';
import type { Machine } from '../../src/refresh/scheduler/machine.ts';
import { serviceUnit, timerUnit } from '../../src/refresh/scheduler/systemd.ts';
import { folder } from './place.ts';

const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;

/** A machine whose programs do what is said, and write down what they were asked. */
function machine(
  programs: Readonly<
    Record<string, (args: readonly string[], stdin?: Buffer) => { code: number; out?: string } | undefined>
  >,
  change: Partial<Machine> = {},
): Machine & { asked: string[] } {
  const home = folder();
  const asked: string[] = [];
  return {
    platform: 'linux',
    uid: 1000,
    user: 'me',
    at: { env: {}, home, cwd: home },
    homeOwner: 1000,
    cronRuns: () => true,
    inContainer: () => false,
    run: async (command, args, stdin) => {
      asked.push([command, ...args].join(' '));
      const ended = programs[command]?.(args, stdin);
      return { code: ended?.code ?? null, stdout: Buffer.from(ended?.out ?? ''), stderr: '' };
    },
    asked,
    ...change,
  };
}

const works = () => ({ code: 0 });

describe('which scheduler', () => {
  it('launchd on a Mac, the user’s systemd where it answers, else cron where it runs', async () => {
    expect(await chooseScheduler(machine({}, { platform: 'darwin' }))).toBe('launchd');
    expect(await chooseScheduler(machine({ systemctl: works, crontab: works }))).toBe('systemd');
    expect(await chooseScheduler(machine({ systemctl: () => ({ code: 1 }), crontab: works }))).toBe(
      'crontab',
    );
  });

  it.each([
    ['no cron at all', machineOptions(false, () => false), 'there is no crontab'],
    ['a cron that does not run', machineOptions(true, () => false), 'no cron runs'],
  ])('in a container with %s it is said', async (_, [programs, change], said) => {
    await expect(chooseScheduler(machine(programs, change))).rejects.toMatchObject({
      code: 'ERR_REFRESH_NO_SCHEDULER',
      message: expect.stringMatching(new RegExp(`which is a container.*${said}`)),
    });
  });

  it('another user’s is refused', () => {
    expect(() => mustBeOwnUser(machine({}))).not.toThrow();
    expect(() => mustBeOwnUser(machine({}, { homeOwner: 0 }))).toThrow(/belongs to another user/);
    const at = { env: { SUDO_USER: 'alice' }, home: '/root', cwd: '/' };
    expect(() => mustBeOwnUser(machine({}, { uid: 0, user: 'root', homeOwner: 0, at }))).toThrow(
      /those of alice/,
    );
  });
});

function machineOptions(cron: boolean, cronRuns: () => boolean) {
  return [cron ? { crontab: works } : {}, { cronRuns, inContainer: () => true }] as const;
}

it('installing moves from one scheduler to the other and leaves nothing behind', async () => {
  let crontab = '# mine\n';
  const programs = {
    crontab: (args: readonly string[], stdin?: Buffer) => {
      if (args[0] === '-') crontab = stdin?.toString() ?? '';
      return { code: 0, out: crontab };
    },
    systemctl: works,
    loginctl: () => ({ code: 0, out: 'no\n' }),
  };
  const here = machine(programs);
  const launch = LAUNCH(here.at.home);
  await install(here, 'crontab', launch);
  expect(crontab).toContain(join(launch.folder, 'refresh.sh'));
  expect(await scheduled(here, launch.folder)).toMatchObject([{ scheduler: 'crontab', problems: [] }]);

  await install(here, 'systemd', launch);
  expect(crontab).toBe('# mine\n');
  expect(here.asked).toContain('systemctl --user enable --now sv72-refresh.timer');
  expect(await scheduled(here, launch.folder)).toMatchObject([
    { scheduler: 'systemd', problems: [expect.stringContaining('enable-linger')] },
  ]);

  expect(await uninstall(here, launch.folder)).toEqual(['systemd']);
  expect(existsSync(join(here.at.home, '.config/systemd/user/sv72-refresh.timer'))).toBe(false);
  expect(existsSync(join(launch.folder, 'refresh.sh'))).toBe(false);
  expect(await uninstall(here, launch.folder)).toEqual([]);
  expect(await scheduled(here, launch.folder)).toEqual([]);
});

const LAUNCH = (home: string) => ({
  node: process.execPath,
  program: '/opt/sv72/bin/run.js',
  home,
  env: { PATH: '/usr/bin' },
  config: undefined,
  folder: join(home, 'refresh'),
});

it('where a scheduler refuses, nothing of it stays, and what was installed before goes on', async () => {
  let crontab = '';
  const here = machine({
    crontab: (args, stdin) => {
      if (args[0] === '-') crontab = stdin?.toString() ?? '';
      return { code: 0, out: crontab };
    },
    systemctl: () => ({ code: 1 }),
  });
  const launch = LAUNCH(here.at.home);
  await expect(install(here, 'systemd', launch)).rejects.toMatchObject({ code: 'ERR_REFRESH_SCHEDULER' });
  expect(existsSync(join(launch.folder, 'refresh.sh'))).toBe(false);
  expect(await scheduled(here, launch.folder)).toEqual([]);

  await install(here, 'crontab', launch);
  await expect(install(here, 'systemd', launch)).rejects.toMatchObject({ code: 'ERR_REFRESH_SCHEDULER' });
  expect(await scheduled(here, launch.folder)).toMatchObject([{ scheduler: 'crontab', problems: [] }]);
});

it('a systemd that is gone is told, and what was installed can be taken away all the same', async () => {
  let code = 0;
  const here = machine({ systemctl: () => ({ code }), loginctl: () => ({ code: 0, out: 'yes\n' }) });
  const launch = LAUNCH(here.at.home);
  await install(here, 'systemd', launch);
  expect(await scheduled(here, launch.folder)).toMatchObject([{ problems: [] }]);
  code = 1;
  expect(await scheduled(here, launch.folder)).toMatchObject([
    { scheduler: 'systemd', problems: [expect.stringContaining('cannot be reached')] },
  ]);
  expect(await uninstall(here, launch.folder)).toEqual(['systemd']);
  expect(await scheduled(here, launch.folder)).toEqual([]);
});

it('a timer that was stopped is told', async () => {
  const stopped = (args: readonly string[]) => ({ code: args.includes('is-active') ? 3 : 0 });
  const here = machine({ systemctl: stopped });
  const launch = LAUNCH(here.at.home);
  await install(here, 'systemd', launch);
  expect(await scheduled(here, launch.folder)).toMatchObject([
    { problems: [expect.stringContaining('timer does not run')] },
  ]);
});

it('launchd is told the agent by its file, and whether it has it is looked at', async () => {
  let loaded = false;
  const launchctl = ([verb]: readonly string[]) => {
    if (verb === 'bootstrap') loaded = true;
    if (verb === 'bootout') loaded = false;
    return { code: verb === 'print' && !loaded ? 113 : 0 };
  };
  const mac = machine({ launchctl }, { platform: 'darwin', uid: 501 });
  const launch = LAUNCH(mac.at.home);
  const plist = join(mac.at.home, 'Library', 'LaunchAgents', 'sv72.refresh.plist');
  await install(mac, 'launchd', launch);
  expect(mac.asked).toContain(`launchctl bootstrap gui/501 ${plist}`);
  expect(readFileSync(plist, 'utf8')).toContain(join(launch.folder, 'refresh.sh'));
  expect(await scheduled(mac, launch.folder)).toMatchObject([{ scheduler: 'launchd', problems: [] }]);
  loaded = false;
  expect(await scheduled(mac, launch.folder)).toMatchObject([
    { problems: [expect.stringContaining('not loaded')] },
  ]);
  expect(await uninstall(mac, launch.folder)).toEqual(['launchd']);
  expect(existsSync(plist)).toBe(false);
});

it.each([
  ['launchd', 'linux'],
  ['systemd', 'darwin'],
] as const)('%s is refused on %s before anything is written', async (name, platform) => {
  const here = machine({ systemctl: works, launchctl: works }, { platform });
  const launch = LAUNCH(here.at.home);
  await expect(install(here, name, launch)).rejects.toMatchObject({ code: 'ERR_REFRESH_NO_SCHEDULER' });
  expect(here.asked).toEqual([]);
  expect(existsSync(launch.folder)).toBe(false);
});

it.runIf(hasSystemd)('systemd finds nothing wrong with the units', () => {
  const dir = folder();
  const script = join(dir, 'it is 100% "mine" $HOME.sh');
  writeFileSync(script, 'exit 0\n');
  const [service, timer] = [join(dir, 'sv72-refresh.service'), join(dir, 'sv72-refresh.timer')];
  writeFileSync(service, serviceUnit(script));
  writeFileSync(timer, timerUnit(7));
  const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--user', '--man=no', service, timer], {
    encoding: 'utf8',
    env: { ...process.env, XDG_RUNTIME_DIR: dir, HOME: dir },
  });
  expect(stderr.split('\n').filter((line) => line.includes('sv72-refresh'))).toEqual([]);
  expect(status).toBe(0);
});

it('Python reads the property list as it is meant', () => {
  const path = join(folder(), 'agent.plist');
  writeFileSync(path, agentPlist('/Users/me/<a> & b/refresh.sh', 42));
  const script = 'import json,plistlib,sys; print(json.dumps(plistlib.load(open(sys.argv[1],"rb"))))';
  const read: unknown = JSON.parse(execFileSync('python3', ['-c', script, path], { encoding: 'utf8' }));
  expect(read).toEqual({
    Label: 'sv72.refresh',
    ProgramArguments: ['/bin/sh', '/Users/me/<a> & b/refresh.sh'],
    StartCalendarInterval: { Minute: 42 },
    ProcessType: 'Background',
  });
  expect(readFileSync(path, 'utf8')).toContain('&amp;');
});
