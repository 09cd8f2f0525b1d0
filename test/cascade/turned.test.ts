import { hash } from 'node:crypto';
import { expect, test } from 'vitest';
import { logit, sigmoid, turnedClassifier } from '../../src/cascade/index.ts';
import { double } from './doubles.ts';

const jpeg = new Uint8Array([1, 2, 3]);

test('says the mean of the logits of its views, under the hash of the picture itself', async () => {
  const said = [0.9, 0.6, 0.2];
  let at = 0;
  const base = double(() => ({ kind: 'answers', p: said[at++] ?? 0.5 }), 1);
  const turned = turnedClassifier(base, 'crops');
  const { probability, sha256, source } = await turned.predict(jpeg, { deadline: performance.now() + 5_000 });
  expect(base.views).toEqual(['mirror', 'left', 'right']);
  expect(probability).toBeCloseTo(sigmoid(said.reduce((sum, p) => sum + logit(p), 0) / 3), 12);
  expect(source).toBe('model');
  expect(sha256).toBe(hash('sha256', jpeg));
  await turned.close();
  expect(base.closed).toBe(0);
});

test('a view without an answer gives none', async () => {
  const base = double({ kind: 'refuses', reason: 'undecodable' }, 1);
  const turned = turnedClassifier(base, 'flip');
  expect(await turned.predict(jpeg)).toMatchObject({ source: 'prior', reason: 'undecodable' });
  expect(base.views).toEqual(['mirror']);
});
