import { describe, expect, it } from 'vitest';
import { diskCondition, placeConditions } from '../../src/refresh/conditions.ts';
import { datedExpiry, expiryNotices } from '../../src/refresh/expiry.ts';
import { type Dated, submissions } from '../../src/refresh/submission.ts';
import { secondsOf } from '../../src/refresh-ui/index.ts';
import { DAY, HOTKEY, SUBMITTED } from './place.ts';

const dated = (at: number, repo = 'alice/roadwork'): Dated => ({
  hotkey: HOTKEY,
  repo,
  model: 'roadwork',
  version: '1.0.0',
  at,
});
const since = (at: number) => ({ at, hotkeys: [HOTKEY] });

describe('the date of a submission', () => {
  it.each([
    ['the card before our record', { cards: [dated(200)], records: [dated(150)] }, 'card', 200],
    ['our record where there is no card', { cards: [], records: [dated(150), dated(90)] }, 'record', 150],
    [
      'what is given by hand before both',
      { cards: [dated(200)], records: [], since: since(9000) },
      'since',
      9000,
    ],
    ['by hand alone', { cards: [], records: [], since: since(5) }, 'since', 5],
    ['the newest repository', { cards: [dated(100), dated(300, 'alice/new')], records: [] }, 'card', 300],
  ] as const)('%s', (_, found, source, at) => {
    expect(submissions(found)).toMatchObject([{ source, at }]);
  });

  it('says it when they disagree by more than two minutes', () => {
    const far = submissions({ cards: [dated(SUBMITTED)], records: [dated(SUBMITTED - 121)] });
    expect(far[0]?.disagreement).toBe(
      'The dates of alice/roadwork disagree: the public card says 2026-06-01T00:00Z, our own record says 2026-05-31T23:57Z; the public card counts.',
    );
    expect(submissions({ cards: [dated(1000)], records: [dated(900)] })[0]?.disagreement).toBeNull();
  });
});

it.each([
  ['2026-06-01', SUBMITTED],
  ['2026-06-01T02:00+02:00', SUBMITTED],
  ['2026-06-01 00:00:00Z', SUBMITTED],
  [String(SUBMITTED), SUBMITTED],
])('--since %s', (text, at) => expect(secondsOf(text)).toBe(at));

it.each(['2026-02-30', 'yesterday', '1780272000000', '', '2026-13-01', '2026-06-01T25:00'])(
  '--since %s is refused',
  (text) => expect(() => secondsOf(text)).toThrow(/is no date/),
);

describe('what runs out', () => {
  it.each([
    [15, 0],
    [14, 1],
    [3, 2],
    [0.5, 2],
    [0, 3],
    [-40, 3],
  ])('%f days before its end there are %i reminders', (days, count) => {
    const expiry = { kind: 'certificate', what: 'the certificate a', at: SUBMITTED } as const;
    const notices = expiryNotices(expiry, SUBMITTED - days * DAY);
    expect(notices).toHaveLength(count);
    expect(notices.at(-1)?.level ?? 'due').toBe(days <= 0 ? 'overdue' : 'due');
    expect(new Set(notices.map(({ key }) => key)).size).toBe(count);
  });

  it('reads dates of the settings', () => {
    expect(datedExpiry('2026-06-01 token of the Hub')).toMatchObject({
      what: 'token of the Hub',
      at: SUBMITTED,
    });
    expect(datedExpiry('2026-02-30 x')).toBeUndefined();
  });
});

it('the disk is told once it is short, and over when it is not', async () => {
  const gib = 2 ** 30;
  expect((await diskCondition('/data', 5, async () => 4 * gib)).notices).toMatchObject([
    { kind: 'disk', level: 'due' },
  ]);
  expect(await diskCondition('/data', 5, async () => 6 * gib)).toEqual({ notices: [], over: ['disk /data'] });
  expect((await diskCondition('/data', 0, async () => 0)).notices).toEqual([]);
  const gone = async () => Promise.reject(new Error('gone'));
  expect(await diskCondition('/data', 5, gone)).toEqual({ notices: [], over: [] });
});

it('a place is told when it is lost or may be', () => {
  const at = (standing: 'gone' | 'next' | 'near' | 'safe') =>
    placeConditions([{ hotkey: HOTKEY, netuid: 72, standing, ahead: 3 }]);
  expect(at('safe').notices).toEqual([]);
  expect(at('safe').over).toHaveLength(2);
  expect(at('near').notices).toMatchObject([{ level: 'due', kind: 'registration' }]);
  expect(at('next').notices).toMatchObject([{ level: 'overdue' }]);
  expect(at('gone').notices).toMatchObject([
    { level: 'overdue', title: expect.stringContaining('no place') },
  ]);
  expect(at('gone').over).toEqual([`registration 72 ${HOTKEY} risk`]);
});
