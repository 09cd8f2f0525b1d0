import { describe, expect, it } from 'vitest';
import { type Check, exitOf, type Finding, runChecks, worst } from '../../src/doctor/index.ts';
import { Sv72Error } from '../../src/errors/index.ts';
import { contextOf } from './context.ts';

const check = (id: string, run: Check['run'], chain = false): Check => ({ id, title: id, chain, run });
const ok: Finding = { status: 'ok', sentence: 'Fine.' };

describe('running checks', () => {
  it('lets none hold up or end another', async () => {
    const context = await contextOf();
    const checks = [
      check('hangs', () => new Promise(() => undefined)),
      check('throws', () => Promise.reject(new Error('broken'))),
      check('refuses', () => Promise.reject(new Sv72Error('ERR_FILE_READ', 'It cannot be read.'))),
      check('fine', async () => ok),
    ];
    const found = await runChecks({ checks, context, timeoutMs: 30 });
    expect(found.map(({ id, status }) => [id, status])).toEqual([
      ['hangs', 'unknown'],
      ['throws', 'unknown'],
      ['refuses', 'unknown'],
      ['fine', 'ok'],
    ]);
    expect(found[0]?.sentence).toBe('It took longer than 0.03 s.');
    expect(found[1]?.sentence).toContain('broken');
    expect(found[2]?.sentence).toBe(
      'It could not be found out: It cannot be read. Check the path and its permissions.',
    );
  });

  it('connects once for all checks, and not at all offline', async () => {
    let connections = 0;
    const context = await contextOf();
    const counted = {
      ...context,
      chain: () => {
        connections += 1;
        return context.chain();
      },
    };
    const connects: Check['run'] = async (at) => {
      await at.chain();
      return ok;
    };
    const checks = [check('1', connects, true), check('2', connects, true)];
    const offline = await runChecks({ checks, context: counted, offline: true });
    expect(offline.map(({ status }) => status)).toEqual(['skipped', 'skipped']);
    expect(connections).toBe(0);
    const online = await runChecks({ checks, context, timeoutMs: 1_000 });
    expect(online.map(({ sentence }) => sentence)).toEqual(
      Array(2).fill('It could not be found out: no chain in this test'),
    );
  });

  it.each([
    [['ok', 'note', 'skipped'], 'note', 0],
    [['ok', 'warning'], 'warning', 10],
    [['ok', 'unknown'], 'unknown', 10],
    [['unknown', 'warning', 'failed', 'ok'], 'failed', 20],
    [['skipped'], 'skipped', 0],
  ] as const)('%j is %s, exit code %d', (statuses, expected, exit) => {
    const status = worst(statuses.map((one) => ({ ...ok, status: one })));
    expect(status).toBe(expected);
    expect(exitOf(status)).toBe(exit);
  });
});
