import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ICAL from 'ical.js';
import { describe, expect, it } from 'vitest';
import {
  calendarText,
  MILESTONES,
  type Submission,
  USUAL_SCHEDULE,
  writeCalendar,
} from '../../src/refresh/index.ts';
import { DAY, folder, HOTKEY, SUBMITTED } from './place.ts';

const NOW = (SUBMITTED + 10 * DAY) * 1000;

const model = (change: Partial<Submission> = {}): Submission => ({
  hotkey: HOTKEY,
  repo: 'alice/roadwork',
  model: 'roadwork; "ä", very\nlong '.repeat(5),
  version: '1.2.0',
  at: SUBMITTED,
  source: 'card',
  dates: { card: SUBMITTED },
  disagreement: null,
  ...change,
});

function read(text: string) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  const events = calendar.getAllSubcomponents('vevent').map((component) => ({
    component,
    event: new ICAL.Event(component),
  }));
  return { calendar, events };
}

describe('the calendar, read by another parser', () => {
  it('has what calendars ask for', () => {
    const text = calendarText([model()], USUAL_SCHEDULE, NOW);
    const { calendar } = read(text);
    expect(calendar.getFirstPropertyValue('version')).toBe('2.0');
    expect(calendar.getFirstPropertyValue('prodid')).toBe('-//sv72//refresh//EN');
    expect(calendar.getFirstPropertyValue('method')).toBe('PUBLISH');
    for (const line of text.split('\r\n')) expect(Buffer.byteLength(line), line).toBeLessThanOrEqual(75);
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });

  it('has an event at each milestone’s very time, whatever the zone, with two alarms', () => {
    const { events } = read(calendarText([model()], USUAL_SCHEDULE, NOW));
    const times = events.map(({ event }) => event.startDate.toUnixTime());
    expect(times).toEqual(MILESTONES.map((milestone) => SUBMITTED + USUAL_SCHEDULE.days[milestone] * DAY));
    for (const { event, component } of events) {
      expect(event.startDate.zone.tzid).toBe('UTC');
      expect(event.summary).toContain('roadwork; "ä", very');
      const alarms = component.getAllSubcomponents('valarm');
      expect(alarms.map((alarm) => alarm.getFirstPropertyValue('action'))).toEqual(['DISPLAY', 'DISPLAY']);
      expect(alarms.map((alarm) => String(alarm.getFirstPropertyValue('trigger')))).toEqual(['-P1D', 'PT0S']);
    }
  });

  it('moves the same events for a new model, and never doubles one', () => {
    const before = read(calendarText([model()], USUAL_SCHEDULE, NOW)).events;
    const renewed = model({ at: SUBMITTED + 70 * DAY, version: '1.3.0', repo: 'alice/next' });
    const after = read(calendarText([renewed], USUAL_SCHEDULE, NOW + 70 * DAY * 1000)).events;
    const uids = before.map(({ event }) => event.uid);
    expect(new Set(uids).size).toBe(5);
    expect(after.map(({ event }) => event.uid)).toEqual(uids);
    for (const [index, { event }] of after.entries()) {
      expect(event.sequence).toBeGreaterThan(before[index]?.event.sequence ?? Number.POSITIVE_INFINITY);
    }
    const other = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';
    const two = read(calendarText([model(), model({ hotkey: other })], USUAL_SCHEDULE, NOW)).events;
    expect(new Set(two.map(({ event }) => event.uid)).size).toBe(10);
  });
});

describe('the file', () => {
  it('is left alone when it says the same, and replaced when it does not', async () => {
    const path = join(folder(), 'sv72.ics');
    const text = calendarText([model()], USUAL_SCHEDULE, NOW);
    expect(await writeCalendar(path, text)).toBe(true);
    expect(await writeCalendar(path, calendarText([model()], USUAL_SCHEDULE, NOW + 1e9))).toBe(false);
    expect(readFileSync(path, 'utf8')).toBe(text);
    expect(await writeCalendar(path, calendarText([model({ at: SUBMITTED + 1 })], USUAL_SCHEDULE, NOW))).toBe(
      true,
    );
  });

  it('is refused when it is somebody else’s', async () => {
    const path = join(folder(), 'holidays.ics');
    writeFileSync(path, 'BEGIN:VCALENDAR\r\nPRODID:-//me//EN\r\nEND:VCALENDAR\r\n');
    await expect(writeCalendar(path, 'x')).rejects.toMatchObject({ code: 'ERR_REFRESH_CALENDAR' });
    expect(readFileSync(path, 'utf8')).toContain('//me//');
  });
});
