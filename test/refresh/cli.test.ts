import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { recordUpload, tryLock } from '../../src/store/index.ts';
import { keypairFromUri, saveKeys } from '../../src/wallet/index.ts';
import { Sandbox } from '../support/cli.ts';
import { expectSchema } from '../support/schema.ts';
import { DAY, published } from './place.ts';
import { receiver } from './receiver.ts';

let box: Sandbox;
let store: string;
beforeEach(() => {
  box = new Sandbox();
  store = join(box.home, '.local', 'share', 'sv72', 'sv72.db');
});
afterEach(() => box.remove());

/** A model of that age, to the minute. */
function aged(days: number): void {
  recordUpload(store, published({ submittedAt: Math.floor(Date.now() / 1000 - days * DAY) }));
}

interface Answer {
  state: string;
  sent: { channel: string; reminders: number }[];
  failed: { channel: string; problem: string }[];
}

const NTFY = (url: string) => ({
  SV72_REFRESH_CHANNELS: 'ntfy,webhook',
  SV72_REFRESH_NTFY_URL: `${url}/topic`,
});

it('says nothing when nothing is due, and ends with 0', async () => {
  aged(3);
  expect(await box.run(['refresh', '--offline'])).toMatchObject({ exit: 0, stdout: '', stderr: '' });
});

it.each([
  [56, 10, 'due', 'DUE      train the next model: roadwork 1.2.0 is 56 days old'],
  [80, 20, 'overdue', 'OVERDUE  the next model should be out: roadwork 1.2.0 is 80 days old'],
])('a model of %i days ends with %i', async (days, exit, state, line) => {
  aged(days);
  const text = await box.run(['refresh', '--offline']);
  expect(text).toMatchObject({ exit, stderr: '' });
  expect(text.stdout).toContain(line);
  const { json, exit: again } = await box.json(['refresh', '--offline']);
  expectSchema('refresh', json);
  expect(again).toBe(exit);
  expect(json).toMatchObject({
    state,
    models: [{ source: 'record', phase: days === 56 ? 'train' : 'verify' }],
  });
});

it('sends once to each channel; one that fails stops no other and is tried again', async () => {
  const hook = await receiver();
  aged(56);
  const env = NTFY(hook.url);
  const dry = await box.json(['refresh', '--offline', '--dry-run'], { env });
  expect(dry.json).toMatchObject({ would_send: [{ channel: 'ntfy', reminders: 2 }, { channel: 'webhook' }] });
  expect(hook.received).toEqual([]);

  const first = await box.json(['refresh', '--offline'], { env });
  expectSchema('refresh', first.json);
  const { sent, failed } = first.json as Answer;
  expect(sent).toEqual([{ channel: 'ntfy', reminders: 2 }]);
  expect(failed).toMatchObject([
    { channel: 'webhook', problem: expect.stringContaining('refresh.webhook.url') },
  ]);

  const mended = { ...env, SV72_REFRESH_WEBHOOK_URL: `${hook.url}/in`, SV72_WEBHOOK_SECRET: 'geheim' };
  const both = await Promise.all([1, 2, 3].map(() => box.run(['refresh', '--offline'], { env: mended })));
  expect(both.map(({ exit }) => exit)).toEqual([10, 10, 10]);
  expect(hook.received.map(({ path }) => path)).toEqual(['/', '/in']);
});

it('is silent about what is seen to, and while another one sends', async () => {
  const hook = await receiver();
  aged(56);
  const unlock = tryLock(`${store}.refresh-lock`);
  const busy = await box.run(['refresh', '--offline'], { env: NTFY(hook.url) });
  unlock?.();
  expect(busy).toMatchObject({ exit: 10 });
  expect(busy.stderr).toContain('Another run is sending');
  expect(hook.received).toEqual([]);
  expect(await box.run(['refresh', '--offline', '--done'])).toMatchObject({ exit: 0, stdout: '' });
  expect(await box.run(['refresh', '--offline'], { env: NTFY(hook.url) })).toMatchObject({
    exit: 0,
    stdout: '',
  });
  expect(hook.received).toEqual([]);
});

it('ends with 1 when it cannot be found out, whatever the reason', async () => {
  aged(1);
  writeFileSync(store, 'no database');
  const { exit, json } = await box.json(['refresh', '--offline']);
  expectSchema('failure', json);
  expect(exit).toBe(1);
  expect(json).toMatchObject({ error: { code: 'ERR_REFRESH_LOOK', details: { code: 'ERR_STORE_DAMAGED' } } });
});

it('ends with 1 when nothing is due of what is known, but something is not known', async () => {
  const env = { SV72_HUB_URL: 'http://127.0.0.1:1', SV72_HUB_REPO: 'alice/roadwork' };
  const unseen = await box.run(['refresh'], { env });
  expect(unseen).toMatchObject({ exit: 1, stdout: '' });
  expect(unseen.stderr).toContain('The card of alice/roadwork says nothing now');
  expect(await box.run(['refresh', '--offline'], { env })).toMatchObject({ exit: 0, stderr: '' });
  const certificate = { SV72_REFRESH_CERTIFICATES: '/none.pem' };
  expect(await box.run(['refresh', '--offline'], { env: certificate })).toMatchObject({ exit: 1 });
});

it.each([
  ['2026-01-31', 'none of them is here'],
  ['2999-01-31', 'lies in the future'],
])('refuses --since %s where it says nothing', async (date, said) => {
  if (said.includes('future')) {
    const root = join(box.home, '.bittensor', 'wallets');
    await saveKeys([
      { location: { root, wallet: 'default', hotkey: 'default' }, keypair: keypairFromUri('//h') },
    ]);
  }
  const { exit, stderr } = await box.run(['refresh', '--offline', '--since', date]);
  expect([exit, stderr]).toEqual([2, expect.stringContaining(said)]);
});

it('writes a calendar, and says where there is nothing to write', async () => {
  expect(await box.json(['refresh', 'calendar', '--offline'])).toMatchObject({
    exit: 1,
    json: { error: { code: 'ERR_REFRESH_CALENDAR' } },
  });
  aged(1);
  const { json } = await box.json(['refresh', 'calendar', '--offline', '--out', 'mine.ics']);
  expectSchema('refresh calendar', json);
  expect(json).toMatchObject({ written: true, events: 5 });
  expect(readFileSync(join(box.home, 'mine.ics'), 'utf8')).toContain('BEGIN:VALARM');
});

it('tries a channel', async () => {
  const hook = await receiver();
  const good = await box.json(['refresh', 'notify', 'test', 'ntfy'], { env: NTFY(hook.url) });
  expectSchema('refresh notify test', good.json);
  expect(good).toMatchObject({ exit: 0, json: { sent: ['ntfy'], failed: [] } });
  const bad = await box.json(['refresh', 'notify', 'test'], { env: NTFY(hook.url) });
  expect(bad).toMatchObject({ exit: 3, json: { sent: ['ntfy'], failed: [{ channel: 'webhook' }] } });
});

it('shows what would be installed, and that nothing is', async () => {
  const args = ['refresh', 'install', '--scheduler', 'crontab', '--dry-run', '--any-user'];
  const { json } = await box.json(args, {
    env: { SV72_REFRESH_CHANNELS: 'ntfy', SV72_NTFY_TOKEN: 'geheim' },
  });
  expectSchema('refresh install', json);
  expect(json).toMatchObject({ installed: false, dry_run: true });
  expect(JSON.stringify(json)).not.toContain('geheim');
  expect(JSON.stringify(json)).toContain('SV72_NTFY_TOKEN, which a scheduled run does not have');
  expect(existsSync(join(box.home, '.local', 'share', 'sv72', 'refresh'))).toBe(false);
});
