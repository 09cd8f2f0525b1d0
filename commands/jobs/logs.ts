import { Args, Flags } from '@oclif/core';
import { readJobLog } from '../../src/jobs/index.ts';
import { JobCommand } from '../../src/jobs-ui/index.ts';
import type { ResultOf } from '../../src/results/index.ts';
import { withEnv } from '../../src/ui/index.ts';

export default class JobsLogs extends JobCommand {
  static override summary = 'Print the log of a step.';
  static override description =
    'A log that grows beyond 8 MiB is rotated; four older parts are kept and printed too.';
  static override examples = [
    '<%= config.bin %> jobs logs train-20261121-083000-3fa9c1',
    '<%= config.bin %> jobs logs train --lines 1000',
  ];
  static override args = {
    id: Args.string({ description: 'id of the job, or how it begins', required: true }),
  };
  static override flags = withEnv({
    lines: Flags.integer({ char: 'l', summary: 'how many of the last lines', default: 200, min: 1 }),
  });

  async run(): Promise<ResultOf<'jobs logs'>> {
    const { args, flags } = await this.parse(JobsLogs);
    const log = await readJobLog(args.id, flags.lines, this.jobOptions());
    for (const line of log.lines) this.say(line);
    return { ...log, lines: [...log.lines] };
  }
}
