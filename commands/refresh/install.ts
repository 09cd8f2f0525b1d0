import { Flags } from '@oclif/core';
import {
  chooseScheduler,
  install,
  installText,
  logPath,
  mustBeOwnUser,
  ourMachine,
  schedulerProblems,
  scriptPath,
} from '../../src/refresh/index.ts';
import { launchOf, onlyHere, RefreshCommand } from '../../src/refresh-ui/index.ts';
import type { ResultOf } from '../../src/results/index.ts';
import { withEnv } from '../../src/ui/index.ts';

export default class RefreshInstall extends RefreshCommand {
  static override summary = 'Have `sv72 refresh` started every hour, by systemd, cron or launchd.';
  static override description =
    'Takes the systemd of this user where it can be reached, else cron where it runs, else says that nothing here would start it. ' +
    'An existing crontab stays as it is, byte by byte, outside of the marked lines. The script that is started has absolute paths and the settings of this environment, never a secret; what it says goes to a log, of which two files of half a MiB are kept. Run it again after an update of Node.js or sv72.';
  static override examples = [
    '<%= config.bin %> refresh install',
    '<%= config.bin %> refresh install --scheduler crontab --dry-run',
  ];
  static override flags = withEnv({
    scheduler: Flags.option({
      summary: 'use this one, also when it cannot be seen to run',
      options: ['systemd', 'crontab', 'launchd'] as const,
    })(),
    'dry-run': Flags.boolean({ summary: 'show what would be written' }),
    'any-user': Flags.boolean({ summary: 'for the user that this runs as, also by sudo' }),
  });

  async run(): Promise<ResultOf<'refresh install'>> {
    const { flags } = await this.parse(RefreshInstall);
    const { settings } = await this.settings();
    const machine = ourMachine();
    if (!flags['any-user']) mustBeOwnUser(machine);
    const scheduler = flags.scheduler ?? (await chooseScheduler(machine));
    const launch = launchOf(this.config.root, flags.config);
    const content = installText(machine, scheduler, launch);
    if (flags['dry-run']) this.say(content);
    else await install(machine, scheduler, launch);
    const problems = [...(await schedulerProblems(machine, scheduler, launch.folder)), ...onlyHere(settings)];
    if (!flags['dry-run']) {
      this.say(`sv72 refresh runs every hour, started by ${scheduler}. Log: ${logPath(launch.folder)}`);
    }
    for (const problem of problems) this.note(`Warning: ${problem}`);
    return {
      scheduler,
      installed: !flags['dry-run'],
      script: scriptPath(launch.folder),
      log: logPath(launch.folder),
      problems,
      dry_run: flags['dry-run'],
      content,
    };
  }
}
