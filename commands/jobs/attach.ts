import { Args } from '@oclif/core';
import { JobCommand } from '../../src/jobs-ui/index.ts';
import type { ResultOf } from '../../src/results/index.ts';

export default class JobsAttach extends JobCommand {
  static override summary = 'Show a step that runs already, until it ends.';
  static override description =
    'As for the command that started it, Ctrl-C asks the step to save and stop, and a second one kills it; ' +
    'close the terminal to leave it running.';
  static override examples = ['<%= config.bin %> jobs attach train-20261121-083000-3fa9c1'];
  static override args = {
    id: Args.string({ description: 'id of the job, or how it begins', required: true }),
  };

  async run(): Promise<ResultOf<'jobs attach'>> {
    const { args } = await this.parse(JobsAttach);
    const { id, outcome, exitCode, seconds, logFile, lastResult } = await this.attachJob(args.id);
    this.say(`${id}: ${outcome}; log: ${logFile}`);
    return { event: 'ended', id, outcome, exitCode, seconds, logFile, result: lastResult?.data ?? null };
  }
}
