import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { recordUpload } from '../../../src/store/index.ts';
import { DAY, published } from '../../refresh/place.ts';
import { receiver } from '../../refresh/receiver.ts';
import { Sandbox } from '../../support/cli.ts';

// A real cron of Debian's packages, which only root can start. It and the crontab are put back as they were.
const possible = process.getuid?.() === 0 && spawnSync('which', ['cron', 'crontab']).status === 0;
const box = new Sandbox();
const backup = mkdtempSync(join(tmpdir(), 'sv72-crontab-'));
let before: string | undefined;

beforeAll(() => {
  if (!possible) return;
  const listed = spawnSync('crontab', ['-l'], { encoding: 'latin1' });
  before = listed.status === 0 ? listed.stdout : undefined;
  writeFileSync(join(backup, 'crontab'), before ?? '', 'latin1');
});

afterAll(() => {
  if (possible) {
    if (before === undefined) spawnSync('crontab', ['-r']);
    else execFileSync('crontab', ['-'], { input: Buffer.from(before, 'latin1') });
  }
  rmSync(backup, { recursive: true, force: true });
  box.remove();
});

const crontab = () => execFileSync('crontab', ['-l']).toString('latin1');

it.runIf(possible)(
  'cron starts `sv72 refresh`, which sends the reminder once and writes its log',
  async () => {
    const hook = await receiver();
    const data = join(box.home, 'data folder, 100% mine');
    const store = join(data, 'sv72.db');
    recordUpload(store, published({ submittedAt: Math.floor(Date.now() / 1000 - 56 * DAY) }));
    const env = {
      SV72_DATA_DIR: data,
      SV72_OFFLINE: 'true',
      SV72_REFRESH_CHANNELS: 'ntfy',
      SV72_REFRESH_NTFY_URL: `${hook.url}/topic`,
      SV72_NTFY_TOKEN: 'geheim-0123456789',
    };
    const theirs = '# mine, with \xe4 byte of latin-1\nMAILTO=""\n5 4 * * 1 /bin/true % a\\%b\n';
    execFileSync('crontab', ['-'], { input: Buffer.from(theirs, 'latin1') });

    const installed = await box.json(['refresh', 'install', '--scheduler', 'crontab'], { env });
    expect(installed.exit, installed.stdout + installed.stderr).toBe(0);
    const ours = crontab();
    expect(ours.startsWith(theirs)).toBe(true);
    expect(ours).not.toContain('geheim');
    const { script, log } = installed.json as { script: string; log: string };
    expect(readFileSync(script, 'utf8')).not.toContain('geheim');

    // Every minute instead of once an hour; everything else is as it was installed.
    const soon = ours.replace(/^\d+ \* \* \* \* \/bin\/sh/m, '* * * * * /bin/sh');
    expect(soon).not.toBe(ours);
    execFileSync('crontab', ['-'], { input: Buffer.from(soon, 'latin1') });
    const written = logged(log, 2, AbortSignal.timeout(240_000));
    const cron = spawn('cron', ['-f'], { env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' }, stdio: 'ignore' });
    try {
      const ended = once(cron, 'exit').then(() => Promise.reject(new Error('cron ended')));
      await Promise.race([written, ended]);
    } finally {
      cron.kill('SIGTERM');
    }
    const text = readFileSync(log, 'utf8');
    expect(text).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4} exit 10$/m);
    expect(text).toContain('DUE      train the next model: roadwork 1.2.0 is 56 days old');
    expect(hook.received).toHaveLength(1);
    expect(JSON.parse(hook.received[0]?.body ?? '')).toMatchObject({ topic: 'topic' });
    // The token was only in the environment of the installation.
    expect(hook.received[0]?.headers.authorization).toBeUndefined();

    execFileSync('crontab', ['-'], { input: Buffer.from(ours, 'latin1') });
    expect(await box.json(['refresh', 'uninstall'], { env })).toMatchObject({
      json: { removed: ['crontab'] },
    });
    expect(crontab()).toBe(theirs);
    expect(existsSync(script)).toBe(false);
  },
);

/** Waits until the log has so many entries. */
async function logged(log: string, entries: number, signal: AbortSignal): Promise<void> {
  const count = () => (existsSync(log) ? (readFileSync(log, 'utf8').match(/ exit \d+$/gm) ?? []).length : 0);
  await new Promise<void>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('nothing was logged in time')));
    const watcher = watch(dirname(log), { signal }, () => {
      if (count() < entries) return;
      watcher.close();
      resolve();
    });
  });
}
