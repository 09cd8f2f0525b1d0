import { expect, onTestFinished, test } from 'vitest';
import { createCascade, turnedClassifier } from '../../src/cascade/index.ts';
import { createClassifier } from '../../src/inference/index.ts';
import { bundleOf, plain } from '../inference/models.ts';

async function cascade() {
  const first = await createClassifier({ bundle: await bundleOf('mean-uint8'), device: 'cpu', threads: 1 });
  const second = await createClassifier({ bundle: await bundleOf('white-hangs'), device: 'cpu', threads: 1 });
  const whole = createCascade({
    stages: [
      { name: 'first', classifier: first },
      { name: 'first+flip', classifier: turnedClassifier(first, 'flip') },
      { name: 'second', classifier: second },
    ],
  });
  onTestFinished(() => whole.close());
  return { whole, second };
}

test('engines of their own processes answer together; one that hangs or is killed costs no answer', async () => {
  const { whole, second } = await cascade();
  const grey = await whole.predict(await plain(150), { deadline: performance.now() + 20_000 });
  expect(grey.source).toBe('model');
  expect(whole.stats().stages?.map(({ answered }) => answered)).toEqual([1, 1, 1]);

  // The second stage never answers this one.
  const white = await whole.predict(await plain(255), { deadline: performance.now() + 4_000 });
  expect(white.source).toBe('model');
  expect(white.probability).toBeGreaterThan(0.9);
  expect(whole.stats().stages?.[2]).toMatchObject({ answered: 1, failed: 1 });

  for (const pid of second.stats().pids) process.kill(pid, 'SIGKILL');
  const dark = await whole.predict(await plain(60), { deadline: performance.now() + 20_000 });
  expect(dark.source).toBe('model');
  expect(dark.probability).toBeLessThan(0.5);
}, 60_000);
