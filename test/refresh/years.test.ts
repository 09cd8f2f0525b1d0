import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import {
  type ChannelName,
  cycleOf,
  look,
  type Message,
  MILESTONES,
  type Milestone,
  remindOnce,
  USUAL_SCHEDULE,
} from '../../src/refresh/index.ts';
import { recordUpload } from '../../src/store/index.ts';
import { DAY, folder, HOTKEY, published, SUBMITTED } from './place.ts';
import { settings } from './settings.ts';

const OTHER = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';
const ZONES = [
  'UTC',
  'America/New_York',
  'Europe/Berlin',
  'Pacific/Apia',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
];
const ours = process.env.TZ;

afterEach(() => {
  if (ours === undefined) delete process.env.TZ;
  else process.env.TZ = ours;
});

/** One thing that happens: days pass (or the clock goes back), then a run or a new model. */
const event = fc.record({
  days: fc.oneof(
    { weight: 6, arbitrary: fc.double({ min: 0, max: 9, noNaN: true }) },
    { weight: 2, arbitrary: fc.double({ min: 20, max: 120, noNaN: true }) },
    { weight: 1, arbitrary: fc.double({ min: -3, max: 0, noNaN: true }) },
  ),
  what: fc.oneof(
    { weight: 8, arbitrary: fc.constant('run' as const) },
    { weight: 1, arbitrary: fc.constantFrom('replace one' as const, 'replace other' as const) },
  ),
  zone: fc.constantFrom(...ZONES),
  down: fc.subarray(['slack', 'ntfy'] as const),
  twice: fc.boolean(),
});

it('over years, each milestone of each model that was current is told exactly once to each channel', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 5, maxLength: 40 }), async (events) => {
      const dir = folder();
      const store = join(dir, 'sv72.db');
      const told: { channel: ChannelName; key: string }[] = [];
      const expected = new Set<string>();
      let revision = 0;
      const current = new Map<string, number>();
      const publish = (hotkey: string, at: number) => {
        revision += 1;
        current.set(hotkey, at);
        const hex = revision.toString(16).padStart(40, '0');
        recordUpload(
          store,
          published({ hotkey, submittedAt: at, at: at * 1000, revision: hex, repo: repoOf(hotkey) }),
        );
      };
      let now = SUBMITTED;
      publish(HOTKEY, now);
      publish(OTHER, now + 7 * DAY);

      const run = async (down: readonly string[]) => {
        const outlook = await look({
          settings: settings(),
          at: { env: {}, home: dir, cwd: dir },
          store,
          folder: dir,
          hotkeys: [HOTKEY, OTHER],
          offline: true,
          dryRun: false,
          now: now * 1000,
        });
        const channel = (name: ChannelName) => ({
          name,
          send: async ({ keys }: Message) => {
            if (down.includes(name)) throw new Error('down');
            for (const key of keys) told.push({ channel: name, key });
          },
        });
        const channels = [channel('slack'), channel('ntfy')];
        const result = await remindOnce({ outlook, store, channels, mode: 'send', now: now * 1000 });
        expect(result.busy).toBe(false);
        for (const { submission } of outlook.models) {
          for (const { milestone } of cycleOf(submission.at, now, USUAL_SCHEDULE).reached) {
            for (const name of ['slack', 'ntfy'] as const) {
              if (!down.includes(name))
                expected.add(`${name} ${keyOf(submission.hotkey, submission.at, milestone)}`);
            }
          }
        }
      };

      for (const { days, what, zone, down, twice } of events) {
        process.env.TZ = zone;
        now = Math.round(now + days * DAY);
        if (what === 'run') {
          await run(down);
          if (twice) await run(down);
        } else {
          const hotkey = what === 'replace one' ? HOTKEY : OTHER;
          // A clock that went back does not make the new model the older one.
          publish(hotkey, Math.max(now, (current.get(hotkey) ?? 0) + 1));
        }
      }
      now += 100 * DAY;
      await run([]);
      const got = told.map(({ channel, key }) => `${channel} ${key}`);
      expect(got.toSorted()).toEqual([...expected].toSorted());
      for (const [hotkey, at] of current) {
        for (const milestone of MILESTONES) expect(got).toContain(`ntfy ${keyOf(hotkey, at, milestone)}`);
      }
    }),
    { numRuns: 8 },
  );
}, 60_000);

function repoOf(hotkey: string): string {
  return hotkey === HOTKEY ? 'alice/roadwork' : 'alice/other';
}

function keyOf(hotkey: string, at: number, milestone: Milestone): string {
  return `model ${hotkey} ${repoOf(hotkey)} ${at} ${milestone}`;
}
