import { createHash } from 'node:crypto';
import ical, { ICalAlarmType, ICalCalendarMethod, ICalEventTransparency } from 'ical-generator';
import { readIfThere, writeWhole } from '../config/index.ts';
import { Sv72Error } from '../errors/index.ts';
import { MILESTONES, type Schedule } from './cycle.ts';
import { labelOf, type Names, WORDS } from './notice.ts';
import type { Submission } from './submission.ts';

const DAY_S = 86_400;
const HALF_HOUR_MS = 1_800_000;
const NAME = 'sv72';
const PRODUCT = { company: 'sv72', product: 'refresh', language: 'EN' };

/**
 * A calendar with an event for each milestone of each model. Times are instants in UTC, which every calendar shows in its
 * owner's zone, across daylight saving too. An event's UID is that of its hotkey and milestone, so that a calendar that
 * knows it moves it when a new model begins a new period.
 *
 * @param now Unix milliseconds: which of two versions of an event is the later one
 * @param names of the hotkeys, where there are several to tell apart
 */
export function calendarText(
  models: readonly Submission[],
  schedule: Schedule,
  now: number,
  names: Names = new Map(),
): string {
  const calendar = ical({
    name: NAME,
    prodId: PRODUCT,
    method: ICalCalendarMethod.PUBLISH,
    ttl: 60 * 60 * 24,
  });
  for (const { hotkey, repo, model, version, at } of models) {
    const whose = names.get(hotkey);
    const name = [model ?? repo ?? 'model', version, whose === undefined ? null : `of ${whose}`]
      .filter((part) => part !== null)
      .join(' ');
    for (const milestone of MILESTONES) {
      const start = new Date((at + Math.round(schedule.days[milestone] * DAY_S)) * 1000);
      const event = calendar.createEvent({
        id: uidOf(hotkey, milestone),
        start,
        end: new Date(start.getTime() + HALF_HOUR_MS),
        stamp: new Date(now),
        // Minutes of Unix time: it only grows, and fits 31 bits for four thousand years.
        sequence: Math.floor(now / 60_000),
        summary: `sv72: ${WORDS[milestone].title} (${name})`,
        description: `${WORDS[milestone].text}\nHotkey ${labelOf(hotkey, names)}${repo === null ? '' : `, ${repo}`}. Day ${schedule.days[milestone]} of ${schedule.days.expired}.`,
        transparency: ICalEventTransparency.TRANSPARENT,
      });
      event.createAlarm({ type: ICalAlarmType.display, trigger: DAY_S, description: WORDS[milestone].title });
      event.createAlarm({ type: ICalAlarmType.display, trigger: 0, description: WORDS[milestone].title });
    }
  }
  return `${calendar.toString().replace(/(\r\n)*$/, '')}\r\n`;
}

/**
 * Writes the calendar; a file that says the same already is left as it is.
 *
 * @returns whether it was written
 * @throws ERR_REFRESH_CALENDAR when the file there is no calendar of ours, ERR_FILE_READ, ERR_FILE_WRITE
 */
export async function writeCalendar(path: string, text: string): Promise<boolean> {
  const there = await readIfThere(path);
  if (there !== undefined && !there.includes(`PRODID:-//${PRODUCT.company}//${PRODUCT.product}//`)) {
    throw new Sv72Error('ERR_REFRESH_CALENDAR', `${path} is there already, and it is no calendar of sv72.`, {
      next: 'Name another file with --out.',
    });
  }
  if (there !== undefined && unstamped(there) === unstamped(text)) return false;
  await writeWhole(path, text);
  return true;
}

function unstamped(text: string): string {
  return text.replace(/^(DTSTAMP|SEQUENCE):.*\r?\n/gm, '');
}

function uidOf(hotkey: string, milestone: string): string {
  const hash = createHash('sha256').update(`${hotkey} ${milestone}`).digest('hex').slice(0, 32);
  return `${hash}@sv72.invalid`;
}
