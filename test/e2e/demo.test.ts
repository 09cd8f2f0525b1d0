import { readdirSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import type { ResultOf } from '../../src/results/index.ts';
import { finished, Sandbox } from '../support/cli.ts';
import { expectSchema } from '../support/schema.ts';

type Child = ReturnType<Sandbox['start']>;

function sandbox(): Sandbox {
  const made = new Sandbox();
  onTestFinished(() => made.remove());
  return made;
}

/** Node's own cache of compiled code is no concern of the demonstration. */
function leftovers({ home }: Sandbox): string[] {
  return readdirSync(home).filter((name) => name !== 'node-compile-cache');
}

test('a miner answers challenges of all three generations, and nothing is left', async () => {
  const where = sandbox();
  const env = { TMPDIR: where.home };
  const run = await where.json(['demo', '--count', '3', '--seed', '11'], { env });
  expectSchema('demo', run.json);
  const result = run.json as ResultOf<'demo'>;
  expect(run.exit).toBe(0);
  expect(result.bundle.demo).toBe(true);
  expect(result.generations.map(({ generation }) => generation)).toEqual([1, 2, 3]);
  for (const { generation, summary, answers } of result.generations) {
    expect(summary).toMatchObject({ asked: 3, answered: 3, problems: [] });
    expect(answers.every((answer) => answer.width === (generation === 3 ? 4_032 : 224))).toBe(true);
    expect(new Set(answers.map(({ prediction }) => prediction)).size).toBe(3);
  }
  expect(leftovers(where)).toEqual([]);
});

test.each([
  ['Ctrl-C', (child: Child) => child.kill('SIGINT')],
  ['a terminal that is closed', (child: Child) => child.kill('SIGHUP')],
  ['a reader that goes away', (child: Child) => child.stdout.destroy()],
])('%s: it cleans up all the same', async (_, leave) => {
  const where = sandbox();
  const child = where.start(['demo', '--count', '50'], { env: { TMPDIR: where.home } });
  onTestFinished(() => void child.kill('SIGKILL'));
  const end = finished(child);
  let said = '';
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (text: string) => {
      said += text;
      if (said.includes('reward')) resolve();
    });
  });
  leave(child);
  const { exit, stderr, stdout } = await end;
  expect(exit).toBe(130);
  expect(stderr).toContain('ERR_INTERRUPTED');
  if (!child.stdout.destroyed) expect(stdout).toContain('removed');
  expect(leftovers(where)).toEqual([]);
});
