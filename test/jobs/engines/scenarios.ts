import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { beforeEach, expect, it } from 'vitest';
import {
  attachJob,
  type JobRecord,
  type JobSpec,
  listJobs,
  mustBeDone,
  type RunOptions,
  readJobLog,
  runJob,
  stopJob,
} from '../../../src/jobs/index.ts';
import { processesWith } from '../../../src/processes/index.ts';
import { type Behaviour, testJob } from './job.ts';

const RUNS_JOB = fileURLToPath(new URL('runs-job.ts', import.meta.url));

/** Where the same jobs are run. */
export interface Stage {
  readonly work: string;
  readonly options: () => RunOptions;
  readonly job?: Partial<JobSpec>;
  /** What of jobs is left on this machine: names of containers. */
  readonly containers: () => Promise<readonly string[]>;
  /** Whether another can take the place of a watching process that was killed. */
  readonly adopts: boolean;
}

/** What holds wherever a job runs. */
export function jobScenarios(stage: Stage): void {
  const job = (what: Behaviour, more: Partial<JobSpec> = {}): JobSpec =>
    testJob(stage.work, what, { ...stage.job, ...more });
  const saved = (): boolean => existsSync(join(stage.work, 'saved'));

  beforeEach(() => {
    rmSync(stage.work, { recursive: true, force: true });
    mkdirSync(stage.work, { recursive: true });
  });

  const nothingLeft = async (): Promise<void> => {
    expect(await stage.containers()).toEqual([]);
    expect((await listJobs(stage.options())).filter(({ endedAt }) => endedAt === null)).toEqual([]);
  };

  it('passes on progress and the result, and the files are the person’s', async () => {
    const records: JobRecord[] = [];
    const log: string[] = [];
    const result = await runJob(job('done'), {
      ...stage.options(),
      onRecord: (record) => records.push(record),
      onLog: (line) => log.push(line),
    });
    expect(result).toMatchObject({ outcome: 'done', exitCode: 0, lastResult: { data: { answer: 42 } } });
    expect(records.map(({ event }) => event)).toEqual(['progress', 'progress', 'result']);
    expect(records[0]).toMatchObject({ phase: 'work', step: 1, of: 2, loss: 0.5, message: 'ready' });
    expect(log).toContain('the log begins');
    expect(readFileSync(join(stage.work, 'out'), 'utf8')).toBe('done');
    expect(statSync(join(stage.work, 'out')).uid).toBe(userInfo().uid);
    await nothingLeft();
  });

  it('says how a job failed, and where its log is', async () => {
    const result = await runJob(job('fail'), stage.options());
    expect(result).toMatchObject({ outcome: 'failed', exitCode: 3 });
    expect(result.lastLines.at(-1)).toBe('the disk is full of sand');
    expect(readFileSync(result.logFile, 'utf8')).toContain('full of sand');
    expect(() => mustBeDone(result)).toThrow(
      expect.objectContaining({ code: 'ERR_JOB_FAILED', next: expect.stringContaining(result.logFile) }),
    );
    expect((await readJobLog(result.id, 1, stage.options())).lines).toEqual(['the disk is full of sand']);
    await nothingLeft();
  });

  it('asks it to save and stop', async () => {
    const stop = new AbortController();
    const result = await runJob(job('wait'), {
      ...stage.options(),
      signal: stop.signal,
      onRecord: () => stop.abort(),
    });
    expect(result).toMatchObject({ outcome: 'stopped', exitCode: 75 });
    expect(saved()).toBe(true);
    await nothingLeft();
  });

  it('kills one that does not stop, and all that it started', async () => {
    const stop = new AbortController();
    const kill = new AbortController();
    const options = stage.options();
    const running = runJob(job('stubborn'), {
      ...options,
      signal: stop.signal,
      kill: kill.signal,
      onRecord: () => stop.abort(),
    });
    await until(async () => (await listJobs(options)).some(({ status }) => status === 'stopping'));
    kill.abort();
    const result = await running;
    expect(result.outcome).toBe('stopped');
    await nothingLeft();
    expect(processesWith('SV72_JOB_ID', result.id)).toEqual([]);
  });

  it('kills one that takes longer to stop than it may', async () => {
    const stop = new AbortController();
    const result = await runJob(job('stubborn', { stopGraceMs: 300 }), {
      ...stage.options(),
      signal: stop.signal,
      onRecord: () => stop.abort(),
    });
    expect(result.outcome).toBe('stopped');
    await nothingLeft();
  });

  it('keeps secrets out of everything that is written or shown', async () => {
    const token = 'a-very-secret-token';
    const records: JobRecord[] = [];
    const result = await runJob(job('tell', { env: { PLAIN: 'p' }, secrets: { SV72_TEST_TOKEN: token } }), {
      ...stage.options(),
      onRecord: (record) => records.push(record),
    });
    expect(result.lastResult?.data).toEqual({ plain: 'p', length: token.length });
    expect(result.warnings).toEqual(['it is ***']);
    expect(JSON.stringify([result, records])).not.toContain(token);
    const folder = join(stage.options().stateDir, result.id);
    for (const name of ['job.json', 'state.json', 'log.txt', 'records.jsonl']) {
      expect(readFileSync(join(folder, name), 'utf8'), name).not.toContain(token);
    }
  });

  it('goes on when the sv72 that shows it is killed, is found, shown again and stopped', async () => {
    const client = await shown(job('wait'), stage.options());
    client.kill('SIGKILL');
    await gone(client);
    const [found] = (await listJobs(stage.options())).filter(({ status }) => status === 'running');
    expect(found).toMatchObject({ kind: 'test', shown: false, writes: [stage.work] });
    const stop = new AbortController();
    const result = await attachJob(found?.id ?? '', {
      ...stage.options(),
      signal: stop.signal,
      onRecord: () => stop.abort(),
    });
    expect(result).toMatchObject({ outcome: 'stopped', exitCode: 75 });
    expect(saved()).toBe(true);
    await nothingLeft();
  });

  it('is found and stopped when its watching process is killed, too', async () => {
    const client = await shown(job('wait'), stage.options());
    client.kill('SIGKILL');
    await gone(client);
    const [id = ''] = (await listJobs(stage.options()))
      .filter((one) => one.endedAt === null)
      .map((one) => one.id);
    killWatcher(stage.options().stateDir, id);
    await until(async () => (await listJobs(stage.options())).some((one) => one.status === 'unwatched'));
    if (stage.adopts) {
      const stop = new AbortController();
      const attached = attachJob(id, { ...stage.options(), signal: stop.signal });
      await until(async () => (await listJobs(stage.options())).some((one) => one.status === 'running'));
      stop.abort();
      expect(await attached).toMatchObject({ outcome: 'stopped', exitCode: 75 });
    } else {
      await expect(attachJob(id, stage.options())).rejects.toMatchObject({ code: 'ERR_JOB_LOST' });
      expect(
        await stopJob(id, { stateDir: stage.options().stateDir, env: stage.options().env }),
      ).toMatchObject({ wasRunning: true, outcome: 'stopped' });
    }
    expect(saved()).toBe(true);
    await nothingLeft();
  });
}

/** Starts a process that runs a job, and waits until the job says that it is ready. */
async function shown(spec: JobSpec, options: RunOptions): Promise<ChildProcess> {
  const child = spawn(process.execPath, [RUNS_JOB, JSON.stringify(spec), JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface(child.stdout)) {
    if (line.includes('"ready"')) return child;
  }
  throw new Error('the job never began');
}

async function gone(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    await new Promise((resolve) => child.once('exit', resolve));
  }
}

function killWatcher(stateDir: string, id: string): void {
  const state: { watcher: { pid: number } } = JSON.parse(
    readFileSync(join(stateDir, id, 'state.json'), 'utf8'),
  );
  process.kill(state.watcher.pid, 'SIGKILL');
}

/** Looks again until something is so; the test's own limit ends it. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 30));
}
