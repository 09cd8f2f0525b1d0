import { Flags } from '@oclif/core';
import { isRunning, listJobs } from '../../src/jobs/index.ts';
import { JobCommand, jobTable } from '../../src/jobs-ui/index.ts';
import type { ResultOf } from '../../src/results/index.ts';
import { withEnv } from '../../src/ui/index.ts';

export default class JobsList extends JobCommand {
  static override summary = 'List the steps that run elsewhere: in containers, or in Python environments.';
  static override description =
    'A step goes on when the sv72 that started it is killed or its terminal closes; it is found here. ' +
    'Remembered are the last fifty that ended, for ninety days.';
  static override examples = ['<%= config.bin %> jobs list', '<%= config.bin %> jobs list --all --json'];
  static override flags = withEnv({
    all: Flags.boolean({ char: 'a', summary: 'those that have ended, too' }),
  });

  async run(): Promise<ResultOf<'jobs list'>> {
    const { flags } = await this.parse(JobsList);
    const every = await listJobs(this.jobOptions());
    const jobs = every.filter((job) => flags.all || isRunning(job));
    for (const line of jobTable(jobs, Date.now())) this.say(line);
    const left = every.length - jobs.length;
    if (jobs.length === 0) this.note(flags.all ? 'There is no job.' : 'No job is running.');
    if (left > 0) this.note(`${left} that ended: --all shows them.`);
    return { jobs: jobs.map((job) => ({ ...job, command: [...job.command], writes: [...job.writes] })) };
  }
}
