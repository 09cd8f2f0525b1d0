import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

test('an error that nobody caught is reported, and serving goes on', async () => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'throws-while-serving.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  for await (const text of child.stdout.setEncoding('utf8')) {
    said += text;
    if (said.includes('timer') && said.includes('forgotten')) child.kill('SIGTERM');
  }
  expect(said).toContain('the miner goes on: Error: thrown in a timer');
  expect(said).toContain('ended by SIGTERM');
});
