import { Flags } from '@oclif/core';
import { ourSurroundings } from '../../src/config/index.ts';
import { Sv72Error } from '../../src/errors/index.ts';
import { openChannel, remindOnce, STATE_EXITS } from '../../src/refresh/index.ts';
import {
  dueLines,
  lookFlags,
  modelJson,
  modelLines,
  noticeJson,
  RefreshCommand,
  unpublished,
} from '../../src/refresh-ui/index.ts';
import type { ResultOf } from '../../src/results/index.ts';
import { withEnv } from '../../src/ui/index.ts';

export default class Refresh extends RefreshCommand {
  static override summary = 'Say what is due: models that grow old, registrations, certificates, the disk.';
  static override description =
    'Made for cron: it prints nothing when nothing is due, sends each reminder once to each channel of refresh.channels, and may run as often as you like, also twice at a time. ' +
    'Exit code: 0 nothing is due, 10 something is, 20 something is overdue, 1 it could not be found out (2: wrong command line). ' +
    'A model’s date is that of its public card, else of our own record, else --since; where they disagree, that is said. ' +
    'Every miner that sv72.yaml lists has its own model, its own dates and its own reminders.';
  static override examples = [
    '<%= config.bin %> refresh',
    '<%= config.bin %> refresh --dry-run --json',
    '<%= config.bin %> refresh --since 2027-01-31 --offline',
    '<%= config.bin %> refresh --done',
    '<%= config.bin %> refresh --done --hotkey hk2',
  ];
  static override flags = {
    ...lookFlags,
    ...withEnv({
      'dry-run': Flags.boolean({ summary: 'send nothing and remember nothing', exclusive: ['done'] }),
      done: Flags.boolean({
        summary:
          'what is due (of the hotkeys that --hotkey names, else of all) is seen to: be silent about it until the next milestone; not for what is overdue',
      }),
    }),
  };

  async run(): Promise<ResultOf<'refresh'>> {
    const { flags } = await this.parse(Refresh);
    try {
      return await this.refresh(flags);
    } catch (error) {
      if (!(error instanceof Sv72Error) || error.exit === 130 || error.code === 'ERR_USAGE') throw error;
      const { code, message, next, details } = error;
      throw new Sv72Error('ERR_REFRESH_LOOK', message, { next, details: { ...details, code }, cause: error });
    }
  }

  private async refresh(flags: {
    hotkey: string[] | undefined;
    since: number | undefined;
    offline: boolean;
    'dry-run': boolean;
    done: boolean;
  }): Promise<ResultOf<'refresh'>> {
    const loaded = await this.settings();
    const { settings } = loaded;
    const dryRun = flags['dry-run'];
    const own = this.ownHotkeys(loaded);
    if (flags.done && flags.hotkey !== undefined && own.length === 0) {
      throw new Sv72Error('ERR_USAGE', '--done is to be about some hotkeys, and none of them is here.');
    }
    const outlook = await this.look(loaded, flags, dryRun, true);
    const { channels, checked, full_until_day, zero_from_day } = settings.refresh;
    const reminded = await remindOnce({
      outlook,
      store: this.storePath(settings),
      channels: channels.map((name) => openChannel(name, settings.refresh, { at: ourSurroundings() })),
      mode: dryRun ? 'dry-run' : flags.done ? 'done' : 'send',
      only: flags.hotkey === undefined ? undefined : own.map(({ ss58 }) => ss58),
      now: Date.now(),
    });
    const { state } = reminded;
    for (const line of dueLines(reminded)) this.say(line);
    for (const { channel, problem } of reminded.failed) this.say(`Not sent to ${channel}: ${problem}`);
    for (const { channel, reminders } of reminded.wouldSend)
      this.say(`Would send ${reminders} to ${channel}.`);
    for (const problem of outlook.problems) this.note(problem);
    if (reminded.busy) this.note('Another run is sending reminders.');
    if (this.interactive) for (const line of modelLines(outlook.models, own, checked)) this.note(line);
    process.exitCode = state === 'nothing' && outlook.blind ? 1 : STATE_EXITS[state];
    return {
      state,
      models: reminded.models.map((model) => modelJson(model, own)),
      unpublished: unpublished(reminded.models, own).map(({ name, ss58 }) => ({ name, hotkey: ss58 })),
      reminders: reminded.notices.map(noticeJson),
      sent: [...reminded.sent],
      failed: [...reminded.failed],
      would_send: [...reminded.wouldSend],
      problems: [...outlook.problems],
      schedule: { days: { ...outlook.schedule.days }, full_until_day, zero_from_day, checked },
    };
  }
}
