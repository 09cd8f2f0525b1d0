import { expect, test } from 'vitest';
import { mustBeTrained } from '../../src/training/index.ts';
import { jobResult } from './stage.ts';

const said = (code: string, message: string) =>
  jobResult({ lastResult: { event: 'result', data: { error: { code, message } } } });

test.each([
  ['data-changed', 'ERR_TRAINING_CHANGED'],
  ['recipe-changed', 'ERR_TRAINING_CHANGED'],
  ['exists', 'ERR_TRAINING_EXISTS'],
  ['checkpoint', 'ERR_TRAINING_CHECKPOINT'],
  ['gpu', 'ERR_TRAINING_GPU'],
  ['weights', 'ERR_TRAINING_WEIGHTS'],
  ['licence', 'ERR_TRAINING_LICENCE'],
  ['teacher', 'ERR_TRAINING_TEACHER'],
  ['classes', 'ERR_DATASET_EMPTY'],
  ['disk', 'ERR_DISK_FULL'],
  ['diverged', 'ERR_TRAINING_FAILED'],
])('what the trainer calls %s is %s', (name, code) => {
  const run = () => mustBeTrained(said(name, 'the thing is not as it should be'), '/work');
  expect(run).toThrow(expect.objectContaining({ code, message: 'The thing is not as it should be.' }));
});

test('a training that was stopped says how to go on', () => {
  expect(() => mustBeTrained(jobResult({ outcome: 'stopped', exitCode: 75 }), '/work')).toThrow(
    expect.objectContaining({ code: 'ERR_TRAINING_STOPPED', next: expect.stringContaining('--resume') }),
  );
});

test('one that said nothing is a failed job', () => {
  expect(() => mustBeTrained(jobResult(), '/work')).toThrow(
    expect.objectContaining({ code: 'ERR_JOB_FAILED' }),
  );
});

test('one that is done passes', () => {
  const done = jobResult({ outcome: 'done', exitCode: 0 });
  expect(mustBeTrained(done, '/work')).toBe(done);
});
