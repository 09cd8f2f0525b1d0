import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { createLineSink } from '../../src/miner/line-sink.ts';

test('a reader that does not read costs lines, not memory', () => {
  const stuck = new Writable({ write: () => undefined });
  const sink = createLineSink(stuck);
  for (let i = 0; i < 5_000; i++) sink.write('x'.repeat(1_000));
  expect(stuck.writableLength).toBeLessThan(2 * 1024 * 1024);
  expect(sink.dropped).toBeGreaterThan(3_000);
});

test('a pipe that is closed ends the output only', async () => {
  const broken = new Writable({
    write: (_chunk, _encoding, done) => done(new Error('EPIPE')),
  });
  const sink = createLineSink(broken);
  sink.write('first');
  await new Promise(setImmediate);
  sink.write('second');
  expect(sink.dropped).toBe(1);
});
