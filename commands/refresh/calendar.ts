import { resolve } from 'node:path';
import { Flags } from '@oclif/core';
import { Sv72Error } from '../../src/errors/index.ts';
import { calendarText, MILESTONES, writeCalendar } from '../../src/refresh/index.ts';
import { dateFlags, namesOf, RefreshCommand } from '../../src/refresh-ui/index.ts';
import type { ResultOf } from '../../src/results/index.ts';
import { withEnv } from '../../src/ui/index.ts';

export default class RefreshCalendar extends RefreshCommand {
  static override summary = 'Write the milestones of your models as a calendar (.ics).';
  static override description =
    'Each milestone is an event with an alarm a day before and one at its time. Written again, also for a new model, the same events move: calendars that import or subscribe to the file double none.';
  static override examples = [
    '<%= config.bin %> refresh calendar --out sv72.ics',
    '<%= config.bin %> refresh calendar --since 2027-01-31 --offline',
  ];
  static override flags = {
    ...dateFlags,
    ...withEnv({ out: Flags.string({ summary: 'file to write', default: 'sv72.ics' }) }),
  };

  async run(): Promise<ResultOf<'refresh calendar'>> {
    const { flags } = await this.parse(RefreshCalendar);
    const loaded = await this.settings();
    const { models, schedule, problems } = await this.look(loaded, flags, false, false);
    for (const problem of problems) this.note(problem);
    if (models.length === 0) throw new Sv72Error('ERR_REFRESH_CALENDAR', 'No published model is known.');
    const path = resolve(flags.out);
    const submissions = models.map(({ submission }) => submission);
    const written = await writeCalendar(
      path,
      calendarText(submissions, schedule, Date.now(), namesOf(this.ownHotkeys(loaded))),
    );
    const events = models.length * MILESTONES.length;
    this.say(written ? `${path}: ${events} events` : `${path} says the same already.`);
    return { path, written, events };
  }
}
