import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { testJob } from '../../jobs/engines/job.ts';
import { Machine } from '../../jobs/engines/machine.ts';
import { finished, Sandbox } from '../../support/cli.ts';
import { expectSchema } from '../../support/schema.ts';

const RUNS_JOB = fileURLToPath(new URL('../../jobs/engines/runs-job.ts', import.meta.url));

const box = new Sandbox();
const machine = new Machine();
machine.program('uv', 'case "$1" in venv) exec python3 -m venv --without-pip "$6" ;; esac');
afterAll(() => {
  box.remove();
  machine.remove();
});

/** A job of this person, whose sv72 is killed as soon as it runs. @returns its id */
async function abandoned(): Promise<string> {
  const stateDir = join(box.home, '.local/share/sv72/jobs');
  mkdirSync(stateDir, { recursive: true });
  const options = { ...machine.options('local'), stateDir };
  const arguments_ = [RUNS_JOB, JSON.stringify(testJob(machine.work, 'wait')), JSON.stringify(options)];
  const client: ChildProcess = spawn(process.execPath, arguments_, { stdio: ['ignore', 'pipe', 'inherit'] });
  let id = '';
  for await (const line of createInterface(client.stdout ?? process.stdin)) {
    id = /"started","id":"([^"]+)"/.exec(line)?.[1] ?? id;
    if (line.includes('"ready"')) break;
  }
  client.kill('SIGKILL');
  return id;
}

it('a job whose sv72 was killed is listed, its log read, shown again, and stopped by Ctrl-C', async () => {
  const id = await abandoned();
  const list = await box.json(['jobs', 'list']);
  expectSchema('jobs list', list.json);
  expect(list.json).toMatchObject({
    jobs: [{ id, status: 'running', shown: false, writes: [machine.work] }],
  });
  const logs = await box.json(['jobs', 'logs', id.slice(0, 12)]);
  expectSchema('jobs logs', logs.json);
  expect(logs.json).toMatchObject({ id, lines: ['the log begins'] });

  const attach = box.start(['jobs', 'attach', id, '--json']);
  const end = finished(attach);
  await new Promise((resolve) => attach.stdout.once('data', resolve));
  attach.kill('SIGINT');
  const { exit, stdout } = await end;
  expect(exit).toBe(130);
  const [first = '', second = '', ...last] = stdout.trim().split('\n');
  for (const line of [first, second]) expectSchema('jobs attach', JSON.parse(line));
  expect(JSON.parse(first)).toMatchObject({ event: 'progress', message: 'ready' });
  expect(last.map((line) => JSON.parse(line)).at(-1)).toMatchObject({ error: { code: 'ERR_JOB_STOPPED' } });
  expect(existsSync(join(machine.work, 'saved'))).toBe(true);

  expect(await box.json(['jobs', 'list'])).toMatchObject({ json: { jobs: [] } });
  expect((await box.run(['jobs', 'list', '--all'])).stdout).toContain('stopped');
});

it('stop ends what runs, and says so when nothing of that name does', async () => {
  const id = await abandoned();
  const stopped = await box.json(['jobs', 'stop', '--all', '--kill']);
  expectSchema('jobs stop', stopped.json);
  expect(stopped.json).toEqual({ jobs: [{ id, wasRunning: true, outcome: 'stopped' }] });
  expect(await box.json(['jobs', 'stop', id])).toMatchObject({
    exit: 0,
    json: { jobs: [{ wasRunning: false }] },
  });
  expect(await box.json(['jobs', 'stop', 'nothing'])).toMatchObject({
    exit: 1,
    json: { error: { code: 'ERR_JOB_UNKNOWN' } },
  });
  expect(await box.json(['jobs', 'stop'])).toMatchObject({ exit: 2 });
});
