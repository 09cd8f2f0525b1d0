import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { ProgressRecord } from '../../src/jobs/index.ts';
import { listenForWishes } from '../../src/jobs-ui/interrupt.ts';
import { jsonDisplay } from '../../src/jobs-ui/json.ts';
import { plainDisplay } from '../../src/jobs-ui/plain.ts';
import { duration, progressText } from '../../src/jobs-ui/text.ts';

function progress(more: Partial<ProgressRecord>): ProgressRecord {
  return {
    event: 'progress',
    phase: 'train',
    step: null,
    of: null,
    loss: null,
    metrics: {},
    rate: null,
    unit: null,
    eta: null,
    message: null,
    ...more,
  };
}

describe('a line of progress', () => {
  it.each([
    [progress({}), 'train'],
    [
      progress({
        step: 12,
        of: 900,
        loss: 0.41234,
        metrics: { acc: 0.9312 },
        rate: 183.2,
        unit: 'images/s',
        eta: 311,
      }),
      'train  1 %  12/900  loss 0.412  acc 0.931  183 images/s  5 min left',
    ],
    [progress({ phase: 'cache', step: 7, message: 'reading' }), 'cache  7  reading'],
    [progress({ step: 10, of: 5 }), 'train  100 %  10/5'],
    [progress({ step: 0, of: 0, loss: 0.00012 }), 'train  0  loss 1.2e-4'],
  ])('%#', (record, text) => {
    expect(progressText(record, false)).toBe(text);
  });

  it('has a bar on a terminal', () => {
    expect(progressText(progress({ step: 1, of: 2 }), true)).toContain(`${'█'.repeat(10)}${'░'.repeat(10)}`);
  });

  it.each([
    [0, '0 s'],
    [59.4, '59 s'],
    [311, '5 min'],
    [3600, '1 h'],
    [7_800, '2 h 10 min'],
    [90_000, '1 d 1 h'],
  ])('says %d seconds as %s', (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });
});

describe('lines for a file', () => {
  it('are few: each phase as it begins, now and then, and as it ends', async () => {
    const lines: string[] = [];
    let now = 0;
    const display = plainDisplay(
      (line) => lines.push(line),
      () => now,
    );
    display.preparation({ step: 'check' });
    display.preparation({ step: 'image', what: 'fetching it', line: 'a' });
    display.preparation({ step: 'image', what: 'fetching it', line: 'b' });
    for (let step = 0; step <= 100; step++) {
      display.record(progress({ phase: step < 50 ? 'cache' : 'train', step }));
      now += 100;
    }
    display.record({ event: 'warning', message: 'few pictures' });
    display.record({ event: 'result', data: { secret: 1 } });
    await display.end('done');
    expect(lines).toEqual(
      [
        'Preparing: fetching it',
        'cache  0',
        'cache  49',
        'train  50',
        'train  100',
        'Warning: few pictures',
      ].sort((a, b) => lines.indexOf(a) - lines.indexOf(b)),
    );
    expect(lines).toHaveLength(6);
  });
});

it('lines for programs are objects, the result left to the command', () => {
  const lines: unknown[] = [];
  const display = jsonDisplay((line) => lines.push(JSON.parse(line)));
  display.preparation({ step: 'environment', what: 'packages', line: 'x' });
  display.preparation({ step: 'environment', what: 'packages', line: 'y' });
  display.preparation({ step: 'started', id: 'a', runtime: 'local', logFile: '/log' });
  display.record(progress({ step: 1 }));
  display.record({ event: 'result', data: {} });
  expect(lines).toEqual([
    { event: 'preparing', step: 'environment', what: 'packages' },
    { event: 'started', id: 'a', runtime: 'local', logFile: '/log' },
    progress({ step: 1 }),
  ]);
});

it('Ctrl-C once stops, twice kills, and a third time is not ours', () => {
  const sent: unknown[] = [];
  const kill = (...what: unknown[]) => sent.push(what) > 0;
  const source = Object.assign(new EventEmitter(), { pid: 7, kill });
  const said: string[] = [];
  const wishes = listenForWishes((line) => said.push(line), source);
  source.emit('SIGINT', 'SIGINT');
  expect([wishes.stop.aborted, wishes.kill.aborted]).toEqual([true, false]);
  source.emit('SIGTERM', 'SIGTERM');
  expect(wishes.kill.aborted).toBe(true);
  expect(said).toHaveLength(2);
  // Others that listen would take over, were these listeners gone while the signal is heard.
  expect([source.listenerCount('SIGINT'), source.listenerCount('SIGTERM'), sent]).toEqual([1, 1, []]);
  source.emit('SIGINT', 'SIGINT');
  expect([source.listenerCount('SIGINT'), source.listenerCount('SIGTERM')]).toEqual([0, 0]);
  expect(sent).toEqual([[7, 'SIGINT']]);
});
