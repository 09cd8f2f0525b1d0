import { join } from 'node:path';
import { expect, it } from 'vitest';
import { look } from '../../src/refresh/index.ts';
import { recordUpload } from '../../src/store/index.ts';
import { DAY, folder, HOTKEY, published, SUBMITTED } from './place.ts';
import { receiver } from './receiver.ts';
import { settings } from './settings.ts';

const card = (time: number) =>
  JSON.stringify({
    model_name: 'roadwork',
    description: 'a model',
    version: '1.3.0',
    submitted_by: HOTKEY,
    submission_time: time,
  });

it('the public card counts, an outage changes no date, and a card that cannot be read is said', async () => {
  const hub = await receiver();
  const dir = folder();
  const store = join(dir, 'sv72.db');
  recordUpload(store, published({ hub: hub.url }));
  const at = async (days: number) =>
    await look({
      settings: settings({}, { url: hub.url, repo: 'alice/roadwork' }),
      at: { env: {}, home: dir, cwd: dir },
      store,
      folder: dir,
      hotkeys: [],
      offline: false,
      dryRun: false,
      hub: { sleep: async () => undefined },
      now: (SUBMITTED + days * DAY) * 1000,
    });

  hub.answer = { status: 200, body: card(SUBMITTED + 2 * DAY) };
  const first = await at(60);
  expect(first.models).toMatchObject([
    {
      submission: { source: 'card', at: SUBMITTED + 2 * DAY, version: '1.3.0' },
      state: 'due',
      due: { milestone: 'train' },
    },
  ]);
  expect(first.models[0]?.submission.disagreement).toContain('The dates of alice/roadwork disagree');
  expect(hub.received[0]?.path).toBe('/alice/roadwork/resolve/main/model_card.json');
  expect(hub.received[0]?.headers.authorization).toBeUndefined();

  hub.answer = { status: 500, body: '' };
  const second = await at(61);
  expect(second.notices.map(({ key }) => key)).toEqual(first.notices.map(({ key }) => key));
  expect(second.problems[0]).toMatch(/the Hub does not answer\); it counts as it was seen on 2026-07-31/);

  hub.answer = { status: 200, body: card(SUBMITTED * 1000) };
  const third = await at(61);
  expect(third.problems[0]).toContain('in milliseconds');
  expect(third.models).toMatchObject([{ submission: { at: SUBMITTED + 2 * DAY } }]);

  hub.answer = { status: 200, body: card(SUBMITTED + 61 * DAY) };
  expect((await at(62)).models).toMatchObject([{ state: 'nothing', cycle: { phase: 'fresh' } }]);
});

it('a token that the Hub takes no more is told once, and its end is told before; without one nothing is asked', async () => {
  const hub = await receiver();
  const dir = folder();
  recordUpload(join(dir, 'sv72.db'), published({ hub: hub.url, submittedAt: SUBMITTED }));
  const now = (SUBMITTED + DAY) * 1000;
  const at = async (env: Record<string, string>) =>
    await look({
      settings: settings({}, { url: hub.url }),
      at: { env, home: dir, cwd: dir },
      store: join(dir, 'sv72.db'),
      folder: dir,
      hotkeys: [],
      offline: false,
      dryRun: false,
      hub: { sleep: async () => undefined },
      now,
    });
  const HF_TOKEN = 'hf_geheim0123456789';
  hub.answer = { status: 401, body: '' };
  await at({});
  expect(hub.received.map(({ path }) => path)).not.toContain('/api/whoami-v2');
  const refused = await at({ HF_TOKEN });
  expect(refused.notices).toMatchObject([{ kind: 'token', level: 'due', condition: true }]);
  expect(JSON.stringify(refused)).not.toContain(HF_TOKEN);

  const expiresAt = new Date(now + 10 * DAY * 1000).toISOString();
  hub.answer = { status: 200, body: JSON.stringify({ type: 'user', name: 'alice', auth: { expiresAt } }) };
  const accepted = await at({ HF_TOKEN });
  expect(accepted.over).toContain('token of the Hub');
  expect(accepted.notices).toMatchObject([
    { kind: 'token', title: expect.stringContaining('runs out in 10 days'), condition: false },
  ]);
  hub.answer = { status: 503, body: '' };
  expect((await at({ HF_TOKEN })).notices).toEqual([]);
});

it('a hotkey of the settings that never published is told when it loses its place, not when it never had one', async () => {
  const dir = folder();
  let standing: 'gone' | 'near' | 'safe' = 'gone';
  const at = async () =>
    await look({
      settings: settings(),
      at: { env: {}, home: dir, cwd: dir },
      store: join(dir, 'sv72.db'),
      folder: dir,
      hotkeys: [HOTKEY],
      offline: false,
      dryRun: false,
      places: async (hotkeys) => hotkeys.map((hotkey) => ({ hotkey, netuid: 72, standing, ahead: 3 })),
      now: SUBMITTED * 1000,
    });
  expect((await at()).notices).toEqual([]);
  standing = 'near';
  expect((await at()).notices).toMatchObject([{ kind: 'registration', level: 'due' }]);
  standing = 'gone';
  expect((await at()).notices).toMatchObject([{ kind: 'registration', level: 'overdue' }]);
});
