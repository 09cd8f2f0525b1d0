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
  expect(first.models[0]?.submission.disagreement).toContain('The dates disagree');
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
