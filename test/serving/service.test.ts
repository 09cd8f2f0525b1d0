import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findServices, installService, uninstallServices } from '../../src/serving/service/service.ts';
import { homeOf } from '../../src/serving/service/spec.ts';
import type { Systemctl } from '../../src/serving/service/systemctl.ts';
import type { ServiceSpec } from '../../src/serving/service/units.ts';

const folder = mkdtempSync(join(tmpdir(), 'sv72 service %h $HOME-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const spec: ServiceSpec = {
  name: 'sv72-serve',
  scope: 'user',
  user: 'daemon',
  home: folder,
  program: [process.execPath, join(import.meta.dirname, '..', '..', 'bin', 'run.js')],
  config: join(folder, 'sv72.yaml'),
  command: ['serve', '--all'],
  about: 'hk1 (speed), hk2 (accuracy)',
  folder,
  writable: [join(folder, 'data'), join(folder, 'cache')],
  coldkeys: [join(folder, 'wallets', 'default', 'coldkey')],
  engines: [
    { profile: 'accuracy', bundle: null },
    { profile: 'speed', bundle: join(folder, 'own $bundle') },
  ],
  models: 3,
  files: 70_000,
  memoryMib: 4096,
  gpu: false,
  environmentFile: join(folder, 'serve.env'),
};

/** A systemd that notes what it is told. */
function recorder(reachable: boolean) {
  const orders: string[] = [];
  const systemctl: Systemctl = {
    reachable: async () => reachable,
    order: async (...args) => void orders.push(args.join(' ')),
    active: async () => (reachable ? 'active' : undefined),
  };
  return { orders, systemctl };
}

const verifier = existsSync('/usr/bin/systemd-analyze');
if (!verifier)
  console.warn('Units are not verified: systemd-analyze is not installed (apt-get install systemd).');

describe('the service', () => {
  it('is installed, found again, and taken away', async () => {
    const configHome = join(folder, 'config');
    const { orders, systemctl } = recorder(true);
    const installed = await installService({ spec, manager: 'systemd', output: null, systemctl, configHome });
    expect(installed.enabled).toBe(true);
    expect(orders).toEqual([
      'daemon-reload',
      'enable sv72-engines.service sv72-serve.service',
      'restart --no-block sv72-engines.service sv72-serve.service',
    ]);
    const places = { configHome, root: join(folder, 'no-root') };
    const found = await findServices(places, () => systemctl);
    expect(found).toMatchObject([
      { name: 'sv72-engines', active: 'active', problems: [], runs: 'engine up --profile accuracy' },
      { name: 'sv72-serve', active: 'active', problems: [], runs: 'serve --all' },
    ]);
    expect(await uninstallServices(found, () => systemctl)).toEqual(installed.files);
    expect(orders.slice(3)).toEqual([
      'disable --now sv72-engines.service',
      'disable --now sv72-serve.service',
      'daemon-reload',
    ]);
    expect(await findServices(places, () => systemctl)).toEqual([]);
  });

  it('takes away the servers of an earlier installation that it has no use for, and nobody else’s unit', async () => {
    const configHome = join(folder, 'again');
    const { orders, systemctl } = recorder(true);
    const install = (engines: ServiceSpec['engines'], output: string | null = null) =>
      installService({ spec: { ...spec, engines }, manager: 'systemd', output, systemctl, configHome });
    const { files } = await install(spec.engines);
    const engines = files.filter((file) => file.endsWith('sv72-engines.service'));
    expect((await install(spec.engines)).removed).toEqual([]);
    orders.length = 0;
    expect(await install([])).toMatchObject({ removed: engines, enabled: true });
    expect(orders).toEqual([
      'daemon-reload',
      'enable sv72-serve.service',
      'restart --no-block sv72-serve.service',
      'disable --now sv72-engines.service',
      'daemon-reload',
    ]);
    expect(engines.map((file) => existsSync(file))).toEqual([false]);
    writeFileSync(engines[0] ?? '', '[Unit]\nDescription=by hand\n');
    expect((await install([])).removed).toEqual([]);
    expect(readFileSync(engines[0] ?? '', 'utf8')).toContain('by hand');
    // Files that were only written may be linked: what is to be done with them is said.
    const output = join(folder, 'written again');
    await install(spec.engines, output);
    const { next, removed } = await install([], output);
    expect(removed).toEqual([]);
    expect(next.slice(2)).toEqual([
      'systemctl --user disable --now sv72-engines.service',
      `rm ${join(output, 'sv72-engines.service')}`,
    ]);
  });

  it('says so where no systemd can be asked, and is written all the same when only files are wanted', async () => {
    const { orders, systemctl } = recorder(false);
    const install = (output: string | null) =>
      installService({ spec, manager: 'systemd', output, systemctl, configHome: join(folder, 'none') });
    await expect(install(null)).rejects.toMatchObject({ code: 'ERR_SERVICE_NO_MANAGER' });
    expect(existsSync(join(folder, 'none'))).toBe(false);
    const { files, enabled } = await install(join(folder, 'written'));
    expect(enabled).toBe(false);
    expect(files).toHaveLength(2);
    expect(orders).toEqual([]);
    const gone = { ...spec, program: ['/no/such/node', ...spec.program.slice(1)] };
    const configHome = join(folder, 'moved');
    await installService({
      spec: gone,
      manager: 'systemd',
      output: join(configHome, 'systemd/user'),
      systemctl,
      configHome,
    });
    const [engines] = await findServices({ configHome, root: join(folder, 'no-root') }, () => systemctl);
    expect(engines?.problems).toEqual(['/no/such/node is gone: run `sv72 service install` again.']);
  });

  it('refuses a path that would begin a setting of its own', async () => {
    const bad = { ...spec, config: '/tmp/a\nExecStartPre=/bin/false' };
    const { systemctl } = recorder(true);
    await expect(
      installService({
        spec: bad,
        manager: 'systemd',
        output: join(folder, 'bad'),
        systemctl,
        configHome: folder,
      }),
    ).rejects.toMatchObject({ code: 'ERR_SERVICE_TEXT' });
    expect(existsSync(join(folder, 'bad'))).toBe(false);
  });

  it.skipIf(!verifier).each(['user', 'system'] as const)(
    'passes systemd-analyze as a %s unit',
    async (scope) => {
      const output = join(folder, scope);
      mkdirSync(join(folder, 'data'), { recursive: true });
      const { systemctl } = recorder(false);
      const { files } = await installService({
        ...{ spec: { ...spec, scope }, manager: 'systemd', output, systemctl, configHome: folder },
      });
      const said = execFileSync('systemd-analyze', ['verify', ...files], {
        env: { PATH: process.env.PATH ?? '', SYSTEMD_LOG_LEVEL: 'warning' },
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      expect(said).toBe('');
      const unit = readFileSync(join(output, 'sv72-serve.service'), 'utf8');
      for (const line of [
        'NoNewPrivileges=yes',
        'PrivateTmp=yes',
        'ProtectSystem=strict',
        'MemoryMax=4096M',
        'TasksMax=1536',
        'RuntimeDirectoryMode=0700',
        'RuntimeDirectoryPreserve=yes',
        'LimitNOFILE=70000',
        scope === 'user' ? 'RuntimeDirectory=sv72\n' : 'RuntimeDirectory=sv72-serve\n',
      ]) {
        expect(unit).toContain(line);
      }
      expect(unit.match(/^InaccessiblePaths=.*coldkey/m)).not.toBeNull();
    },
  );

  it('is a file of PM2', async () => {
    const { systemctl } = recorder(false);
    const output = join(folder, 'pm2');
    const { files, next } = await installService({
      spec,
      manager: 'pm2',
      output,
      systemctl,
      configHome: folder,
    });
    expect(next[0]).toBe(`pm2 start ${files[0]}`);
    const { apps } = createRequire(import.meta.url)(files[0] ?? '');
    expect(apps).toMatchObject([
      {
        name: 'sv72-serve',
        interpreter: process.execPath,
        args: ['serve', '--all', '--config', spec.config],
      },
    ]);
    const configHome = join(folder, 'pm2-home');
    await installService({ spec, manager: 'pm2', output: null, systemctl, configHome });
    const places = { configHome, root: join(folder, 'no-root') };
    expect(await findServices(places, () => systemctl)).toMatchObject([
      { manager: 'pm2', runs: 'serve --all' },
    ]);
  });
});

it('finds the home of another user', () => {
  const passwd = 'root:x:0:0:root:/root:/bin/bash\nminer:x:1001:1001::/srv/miner:/bin/sh\n';
  expect(homeOf('miner', passwd)).toBe('/srv/miner');
  expect(homeOf('mine', passwd)).toBeUndefined();
});
