import { expect, test } from 'vitest';
import { newRun, type RunRecord, STEPS } from '../../src/refresh/index.ts';
import { planOf, runJson, runLines } from '../../src/refresh-ui/index.ts';

const begun = newRun({ options: '{}', version: '1.1.0', live: '/old' }, 1_780_272_000_000);
const done = (last: number, change: Partial<RunRecord> = {}): RunRecord => ({
  ...begun,
  done: STEPS.slice(0, last).map((step) => ({ step, seconds: 1 })),
  ...change,
});
const at = (record: RunRecord, outcome: Parameters<typeof runJson>[0]) =>
  runJson(outcome, record, planOf(record, '/runs/1', { data: '/data', model: undefined }, {}), [], 0);

test('after a promotion the new model is live, and that its folder is to be kept is said', () => {
  const result = at(done(STEPS.length), 'done');
  expect(result.live).toBe('/runs/1/model');
  expect(runLines(result).join('\n')).toMatch(/Live model {4}\/runs\/1\/model\n.*Keep that folder/);
});

test('what is rolled back by the miner after it was published is told so', () => {
  const result = at(done(STEPS.indexOf('promote')), 'rolled back');
  expect(result.live).toBe('/old');
  expect(runLines(result)[0]).toContain('the miner did not keep the new model');
  expect(runLines(result).join('\n')).toContain('`sv72 upload --rollback REVISION`');
  expect(runLines(at(done(3), 'not better')).join('\n')).not.toContain('upload --rollback');
});
