import { ourMachine, scheduled } from '../../src/refresh/index.ts';
import { onlyHere, RefreshCommand, scheduleFolder } from '../../src/refresh-ui/index.ts';
import type { ResultOf } from '../../src/results/index.ts';
import { openRemindersIfThere } from '../../src/store/index.ts';
import { settingFlag } from '../../src/ui/index.ts';

export default class RefreshStatus extends RefreshCommand {
  static override summary = 'Show what starts `sv72 refresh`, when it last ran, and where reminders go.';
  static override description =
    'Exit code 1 when it is installed nowhere, or something keeps it from running.';
  static override examples = ['<%= config.bin %> refresh status', '<%= config.bin %> refresh status --json'];
  static override flags = { store: settingFlag('store.path') };

  async run(): Promise<ResultOf<'refresh status'>> {
    await this.parse(RefreshStatus);
    const { settings } = await this.settings();
    const found = await scheduled(ourMachine(), scheduleFolder());
    const schedulers = found.map((one) => ({ ...one, problems: [...one.problems, ...onlyHere(settings)] }));
    const book = openRemindersIfThere(this.storePath(settings));
    const last = book?.lastRun();
    book?.close();
    const { channels } = settings.refresh;
    this.say(
      `started by  ${schedulers.map(({ scheduler }) => scheduler).join(', ') || 'nothing: `sv72 refresh install`'}`,
    );
    for (const { script, log } of schedulers) this.say(`            ${script}, log ${log}`);
    this.say(
      `last run    ${last === undefined ? 'none' : `${new Date(last.at).toISOString()} (${last.state})`}`,
    );
    this.say(`channels    ${channels.join(', ') || 'none: only the output and the log'}`);
    for (const { problems } of schedulers) for (const problem of problems) this.say(`problem     ${problem}`);
    if (schedulers.length === 0 || schedulers.some(({ problems }) => problems.length > 0))
      process.exitCode = 1;
    return {
      schedulers,
      last_run: last === undefined ? null : { at: new Date(last.at).toISOString(), state: last.state },
      channels: [...channels],
    };
  }
}
