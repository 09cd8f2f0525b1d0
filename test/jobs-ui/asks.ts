/** Asks on the terminal that this process has what is to happen with a job from before. */
import { decide } from '../../src/jobs-ui/running.ts';
import { Ask } from '../../src/ui/index.ts';
import { testJob } from '../jobs/engines/job.ts';

const job = {
  id: 'test-1',
  kind: 'test',
  title: 'a job',
  runtime: 'local',
  status: 'running',
  shown: false,
  startedAt: 0,
  endedAt: null,
  exitCode: null,
  progress: null,
  command: [],
  writes: ['/work'],
  logFile: null,
} as const;
const ask = new Ask({ interactive: true, yes: false });
const decision = await decide(testJob('/work', 'done'), [job], undefined, ask);
process.stdout.write(`decided: ${decision?.what}\n`);
