import { ourSurroundings } from '../config/index.ts';
import {
  attachJob,
  type JobOptions,
  type JobResult,
  type JobSpec,
  jobPlaces,
  listJobs,
  mustBeDone,
  mustHaveBegun,
  planJob,
  runJob,
  shellLine,
  stopJob,
} from '../jobs/index.ts';
import type { ResultOf } from '../results/index.ts';
import { Sv72Command } from '../ui/index.ts';
import { withFlags } from './apply.ts';
import { type Display, silent } from './display.ts';
import type { JobFlags } from './flags.ts';
import { listenForWishes, type Wishes } from './interrupt.ts';
import { jsonDisplay } from './json.ts';
import { plainDisplay } from './plain.ts';
import { decide, othersLeft } from './running.ts';

type DryRun = Extract<ResultOf<'quantize'>, { event: 'dry-run' }>;

/** What commands share that run steps elsewhere. With --json they print one object a line, the result last. */
export abstract class JobCommand extends Sv72Command {
  /** Where jobs are, and what they are run with. */
  protected jobOptions(flags?: Pick<JobFlags, 'runtime'>): JobOptions {
    const at = ourSurroundings();
    return { ...jobPlaces(at, this.config.root), runtime: flags?.runtime ?? 'auto', env: at.env };
  }

  /**
   * Runs a step as the flags say and shows what it does. Ctrl-C asks it to save and stop, a second one kills it.
   * @param judge passes a step that is done, and says why another is not
   * @returns the result of a step that is done
   * @throws what `runJob` and `judge` throw, and ERR_JOB_RUNNING
   */
  protected async runJob(spec: JobSpec, flags: JobFlags, judge = mustBeDone): Promise<JobResult> {
    const options = this.jobOptions(flags);
    const jobs = await listJobs(options);
    for (const { id } of othersLeft(spec, jobs)) this.note(stillRuns(id));
    const decision = await decide(spec, jobs, flags['if-running'], this.ask);
    if (decision?.what === 'attach') return await this.attachJob(decision.job.id, judge);
    if (decision?.what === 'stop') {
      await this.progress(`Stopping ${decision.job.id}`, () => stopJob(decision.job.id, options));
    }
    if (decision?.what === 'beside') this.note(stillRuns(decision.job.id));
    return await this.shown(
      (display, wishes) =>
        runJob(withFlags(spec, flags), {
          ...options,
          signal: wishes.stop,
          kill: wishes.kill,
          onPreparation: (preparation) => display.preparation(preparation),
          onRecord: (record) => display.record(record),
          onLog: (line) => display.log(line),
        }),
      judge,
    );
  }

  /** Shows a job that runs already, as `runJob` does. */
  protected async attachJob(id: string, judge = mustBeDone): Promise<JobResult> {
    const options = this.jobOptions();
    return await this.shown(
      (display, wishes) =>
        attachJob(id, {
          ...options,
          signal: wishes.stop,
          kill: wishes.kill,
          onRecord: (record) => display.record(record),
          onLog: (line) => display.log(line),
        }),
      judge,
    );
  }

  /** What the step would do; for people it is printed here. */
  protected async planJob(spec: JobSpec, flags: JobFlags): Promise<DryRun> {
    const plan = await planJob(withFlags(spec, flags), this.jobOptions(flags));
    for (const command of plan.commands) this.say(shellLine(command));
    for (const { ok, message } of plan.checks) this.note(`${ok ? 'ok     ' : 'not ok '} ${message}`);
    if (plan.secrets.length > 0) this.note(`Also set, and not shown: ${plan.secrets.join(', ')}`);
    return {
      event: 'dry-run',
      ...plan,
      environment: { ...plan.environment },
      commands: plan.commands.map((words) => [...words]),
      secrets: [...plan.secrets],
      checks: plan.checks.map((check) => ({ ...check })),
    };
  }

  protected override get printsLines(): boolean {
    return true;
  }

  protected override logJson(json: unknown): void {
    process.stdout.write(`${JSON.stringify(json)}\n`);
  }

  private async shown(
    work: (display: Display, wishes: Wishes) => Promise<JobResult>,
    judge: (result: JobResult) => JobResult,
  ): Promise<JobResult> {
    const display = await this.display();
    const wishes = listenForWishes((line) => display.notice(line));
    let result: JobResult | undefined;
    try {
      result = await work(display, wishes);
    } finally {
      wishes.over();
      await display.end(result?.outcome);
    }
    mustHaveBegun(result);
    if (result.outcome === 'failed') {
      for (const line of result.lastLines) this.note(`  ${line}`);
      this.note(`The whole log: ${result.logFile}`);
    }
    return judge(result);
  }

  private async display(): Promise<Display> {
    if (this.quiet) return silent;
    if (this.jsonEnabled()) return jsonDisplay((line) => process.stdout.write(`${line}\n`));
    const drawable = process.stdout.isTTY && process.stderr.isTTY && process.stderr.columns > 0;
    if (!drawable) return plainDisplay((line) => this.note(line));
    const { terminalDisplay } = await import('./terminal.ts');
    return terminalDisplay(process.stderr);
  }
}

function stillRuns(id: string): string {
  return `The job ${id} still runs: \`sv72 jobs attach ${id}\` shows it, \`sv72 jobs stop ${id}\` stops it.`;
}
