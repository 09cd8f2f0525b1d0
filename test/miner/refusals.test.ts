import { expect, test } from 'vitest';
import type { AxonEvent } from '../../src/axon/index.ts';
import type { RefusedEvent } from '../../src/miner/events.ts';
import { createRefusalLog } from '../../src/miner/refusals.ts';

type Refused = Extract<AxonEvent, { type: 'refused' }>;

function refused(over: Partial<Refused> = {}): Refused {
  return {
    type: 'refused',
    axon: 'miner',
    protocol: 'axon',
    status: 401,
    reason: 'bad-signature',
    message: 'Not Verified',
    address: '203.0.113.9',
    route: 'ImageSynapse',
    claimedHotkey: null,
    timings: { totalMs: 1 },
    ...over,
  };
}

const nameOf = (miner: string) => `name of ${miner}`;

test('a flood is one line at once and one number at the end', () => {
  const reports: RefusedEvent[] = [];
  const log = createRefusalLog({ nameOf, report: (event) => reports.push(event) });
  for (let i = 0; i < 100_000; i++) log.add(refused({ address: `203.0.113.${i % 250}` }));
  log.add(refused({ reason: 'replay' }));
  expect(reports.map(({ reason, count }) => [reason, count])).toEqual([
    ['bad-signature', 1],
    ['replay', 1],
  ]);
  log.close();
  expect(reports[0]).toMatchObject({ miner: 'miner', name: 'name of miner' });
  expect(reports.slice(2).map(({ reason, count }) => [reason, count])).toEqual([['bad-signature', 99_999]]);
});

test('what a stranger sends cannot steer a terminal or fill a line', () => {
  const reports: RefusedEvent[] = [];
  const log = createRefusalLog({ nameOf, report: (event) => reports.push(event) });
  log.add(refused({ route: `\u001b[2J\u202e${'x'.repeat(5_000)}`, claimedHotkey: '\r\nfake line' }));
  log.close();
  expect(reports[0]?.example.route).toMatch(/^\?\[2J\?x+…$/);
  expect(reports[0]?.example.route.length).toBeLessThanOrEqual(200);
  expect(reports[0]?.example.claimedHotkey).toBe('??fake line');
});
