import { expect, test } from 'vitest';
import { SharedClassifiers } from '../../src/inference/index.ts';
import { type Double, double } from '../cascade/doubles.ts';

const PICTURE = new Uint8Array([1, 2, 3]);

test('two users have one classifier, closed with the second of them', async () => {
  const shared = new SharedClassifiers();
  const made: Double[] = [];
  const open = async () => {
    made.push(double({ kind: 'answers', p: 0.75 }, 0));
    return made.at(-1) as Double;
  };
  const [a, b] = await Promise.all([shared.open('m', open), shared.open('m', open)]);
  expect(made).toHaveLength(1);
  expect(shared.stats()).toHaveLength(1);
  await a.close();
  await a.close();
  expect(made[0]?.closed).toBe(0);
  expect((await b.predict(PICTURE)).probability).toBe(0.75);
  await b.close();
  expect(made[0]?.closed).toBe(1);
  expect(shared.stats()).toEqual([]);

  const again = await shared.open('m', open);
  expect(made).toHaveLength(2);
  expect(made[1]?.closed).toBe(0);
  await again.close();
});

test('another key is another classifier', async () => {
  const shared = new SharedClassifiers();
  const one = double({ kind: 'answers', p: 0.1 }, 0);
  const two = double({ kind: 'answers', p: 0.9 }, 0);
  const a = await shared.open('1', async () => one);
  const b = await shared.open('2', async () => two);
  await a.close();
  expect([one.closed, two.closed]).toEqual([1, 0]);
  expect((await b.predict(PICTURE)).probability).toBe(0.9);
});

test('a failed opening fails for all who wait, and is tried anew', async () => {
  const shared = new SharedClassifiers();
  const gate = Promise.withResolvers<never>();
  const first = shared.open('m', () => gate.promise);
  const second = shared.open('m', () => Promise.reject(new Error('not asked')));
  gate.reject(new Error('no engine'));
  await expect(first).rejects.toThrow('no engine');
  await expect(second).rejects.toThrow('no engine');
  expect(shared.stats()).toEqual([]);
  const third = await shared.open('m', async () => double({ kind: 'answers', p: 0.5 }, 0));
  await third.close();
});
