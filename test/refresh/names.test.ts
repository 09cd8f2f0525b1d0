import { expect, it } from 'vitest';
import { placeConditions } from '../../src/refresh/conditions.ts';
import { calendarText, USUAL_SCHEDULE } from '../../src/refresh/index.ts';
import { modelNotices, modelOutlook } from '../../src/refresh/notice.ts';
import { DAY, HOTKEY, SUBMITTED } from './place.ts';

const submission = {
  ...{ hotkey: HOTKEY, repo: 'alice/roadwork', model: 'roadwork', version: '1.2.0', at: SUBMITTED },
  ...{ source: 'record' as const, dates: {}, disagreement: null },
};
const names = new Map([[HOTKEY, 'hk2']]);

it('a reminder names the miner where there are several, under the key that it has without', () => {
  const outlook = modelOutlook(submission, SUBMITTED + 56 * DAY, USUAL_SCHEDULE);
  const plain = modelNotices(outlook, USUAL_SCHEDULE);
  const named = modelNotices(outlook, USUAL_SCHEDULE, names);
  expect(named.map(({ title }) => title)).toContain(
    'train the next model: roadwork 1.2.0 of hk2 is 56 days old',
  );
  expect(named.at(-1)?.text).toContain('Hotkey hk2 (5DtDLm…D9Fi), alice/roadwork.');
  expect(plain.at(-1)?.title).toBe('train the next model: roadwork 1.2.0 is 56 days old');
  const keys = (notices: typeof named) => notices.map(({ key, about }) => [key, about]);
  expect(keys(named)).toEqual(keys(plain));
});

it('so do a lost place and the calendar', () => {
  const gone = [{ hotkey: HOTKEY, netuid: 72, standing: 'gone' as const, ahead: null }];
  const [notice] = placeConditions(gone, names).notices;
  expect(notice?.title).toBe('hotkey hk2 (5DtDLm…D9Fi) has no place on subnet 72');
  expect(notice?.key).toBe(placeConditions(gone).notices[0]?.key);
  const uids = (text: string) => text.match(/^UID:.*$/gm);
  const plain = calendarText([submission], USUAL_SCHEDULE, SUBMITTED * 1000);
  const named = calendarText([submission], USUAL_SCHEDULE, SUBMITTED * 1000, names);
  expect(named).toContain('(roadwork 1.2.0 of hk2)');
  expect(uids(named)).toEqual(uids(plain));
});
