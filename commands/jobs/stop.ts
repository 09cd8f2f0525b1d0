import { Args, Flags } from '@oclif/core';
import { Sv72Error } from '../../src/errors/index.ts';
import { isRunning, listJobs, stopJob } from '../../src/jobs/index.ts';
import { JobCommand } from '../../src/jobs-ui/index.ts';
import type { ResultOf } from '../../src/results/index.ts';
import { withEnv } from '../../src/ui/index.ts';

export default class JobsStop extends JobCommand {
  static override summary = 'Ask a step to save and stop, and wait until it has ended.';
  static override description =
    'A step that does not stop in its time is killed. What a killed sv72 left behind is ended and cleared away.';
  static override examples = [
    '<%= config.bin %> jobs stop train-20261121-083000-3fa9c1',
    '<%= config.bin %> jobs stop --all --kill',
  ];
  static override args = {
    id: Args.string({ description: 'id of the job, or how it begins' }),
  };
  static override flags = withEnv({
    all: Flags.boolean({ summary: 'every step that runs' }),
    kill: Flags.boolean({ summary: 'kill it instead of asking' }),
  });

  async run(): Promise<ResultOf<'jobs stop'>> {
    const { args, flags } = await this.parse(JobsStop);
    const options = { ...this.jobOptions(), kill: flags.kill };
    const jobs = [];
    for (const id of await this.meant(args.id, flags.all)) {
      const stopped = await this.progress(`Stopping ${id}`, () => stopJob(id, options));
      this.say(`${stopped.id}: ${stopped.wasRunning ? stopped.outcome : `had ended (${stopped.outcome})`}`);
      jobs.push(stopped);
    }
    return { jobs };
  }

  private async meant(id: string | undefined, all: boolean): Promise<string[]> {
    if (all) return (await listJobs(this.jobOptions())).filter(isRunning).map((job) => job.id);
    if (id !== undefined) return [id];
    throw new Sv72Error('ERR_USAGE', 'Which job is to stop is not said.', {
      next: 'Give its id (see `sv72 jobs list`), or --all.',
    });
  }
}
