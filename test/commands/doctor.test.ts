import { afterAll, expect, it } from 'vitest';
import { Sandbox } from '../support/cli.ts';
import { expectSchema } from '../support/schema.ts';

const box = new Sandbox();
afterAll(() => box.remove());

it('says what to mend on a machine without keys, and exits with 20', async () => {
  const { exit, json } = await box.json(['doctor', '--offline', '--port', '0']);
  expect(exit).toBe(20);
  expectSchema('doctor', json);
  expect(json).toMatchObject({ status: 'failed', network: 'offline' });
  expect(json).toHaveProperty(
    'checks',
    expect.arrayContaining([
      expect.objectContaining({
        id: 'wallet',
        status: 'failed',
        fix: 'sv72 wallet create --wallet-name default',
      }),
      expect.objectContaining({ id: 'endpoint', status: 'skipped' }),
    ]),
  );
});

it('makes the named checks only', async () => {
  const { exit, stdout } = await box.run(['doctor', '--only', 'node,disk', '--quiet']);
  expect(exit).toBe(0);
  expect(
    stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split(/\s+/)[1]),
  ).toEqual(['disk', 'node']);
});

it('names the checks when asked for one that is none', async () => {
  const { exit, stderr } = await box.run(['doctor', '--only', 'disc']);
  expect(exit).toBe(2);
  expect(stderr).toContain('registration');
});

it('cannot reach a chain and says so, within its time', async () => {
  const { exit, json } = await box.json(['doctor', '--only', 'endpoint', '--network', 'ws://127.0.0.1:1']);
  expect(exit).toBe(10);
  expect(json).toMatchObject({ status: 'unknown' });
});
