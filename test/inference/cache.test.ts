import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { ExpiringCache } from '../../src/inference/cache.ts';
import type { OtherView } from '../../src/inference/index.ts';
import { bundleOf, classifierOf, plain } from './models.ts';

describe('the response cache', () => {
  test('the same bytes are computed once; other bytes of the same picture are another image', async () => {
    const classifier = await classifierOf(await bundleOf('mean-uint8'));
    const image = await plain(51);
    const first = await classifier.predict(image);
    const second = await classifier.predict(Buffer.from(image));
    expect(first.source).toBe('model');
    expect(second).toEqual({ ...first, source: 'cache' });
    expect((await classifier.predict(Buffer.concat([image, Buffer.from('tail')]))).source).toBe('model');
    expect(classifier.stats()).toMatchObject({ computed: 2, cache: { hits: 1, misses: 2, entries: 2 } });
  });

  test('requests at the same time for one image share its computation', async () => {
    const classifier = await classifierOf(await bundleOf('mean-uint8'));
    const image = await plain(102);
    const answers = await Promise.all([1, 2, 3].map(() => classifier.predict(Buffer.from(image))));
    expect(answers.map((answer) => answer.source)).toEqual(['model', 'shared', 'shared']);
    expect(new Set(answers.map((answer) => answer.probability)).size).toBe(1);
    expect(classifier.stats()).toMatchObject({ computed: 1, shared: 2 });
  });

  test('each of them keeps its own deadline, and a late result is remembered', async () => {
    const classifier = await classifierOf(await bundleOf('mean-uint8'));
    const image = await plain(77);
    const [pid = 0] = classifier.stats().pids;
    process.kill(pid, 'SIGSTOP');
    const patient = classifier.predict(image);
    const hasty = await classifier.predict(image, { deadline: performance.now() + 60 });
    expect(hasty).toMatchObject({ source: 'prior', reason: 'deadline' });
    process.kill(pid, 'SIGCONT');
    expect((await patient).source).toBe('model');
    expect((await classifier.predict(image)).source).toBe('cache');
  });

  test('another view of a picture is another answer, remembered beside it', async () => {
    const classifier = await classifierOf(await bundleOf('mean-uint8'));
    // Bright above, where neither lower corner reaches.
    const [bright, dark] = [Buffer.alloc(100 * 10 * 3, 250), Buffer.alloc(100 * 90 * 3, 50)];
    const image = await sharp(Buffer.concat([bright, dark]), {
      raw: { width: 100, height: 100, channels: 3 },
    })
      .png()
      .toBuffer();
    const ask = (view?: OtherView) => classifier.predict(Buffer.from(image), { ...(view && { view }) });
    const whole = await ask();
    for (const view of ['left', 'right'] as const)
      expect((await ask(view)).probability).toBeCloseTo(50 / 255, 2);
    expect(whole.probability).toBeCloseTo(70 / 255, 2);
    expect(await ask('left')).toMatchObject({ source: 'cache', sha256: whole.sha256 });
    expect((await ask('mirror')).probability).toBeCloseTo(whole.probability, 2);
    expect(classifier.stats()).toMatchObject({ computed: 4, cache: { hits: 1, entries: 4 } });
  });

  test('a prior is not remembered', async () => {
    const classifier = await classifierOf(await bundleOf('mean-uint8'), { prior: 0.1 });
    const image = await plain(5);
    const late = await classifier.predict(image, { deadline: performance.now() - 1 });
    expect(late).toMatchObject({ source: 'prior', reason: 'deadline', probability: 0.1 });
    expect((await classifier.predict(image)).source).toBe('model');
    const garbage = Buffer.from('no image');
    for (let i = 0; i < 2; i++) expect((await classifier.predict(garbage)).reason).toBe('undecodable');
    expect(classifier.stats()).toMatchObject({
      priors: { deadline: 1, undecodable: 2 },
      cache: { entries: 1 },
    });
  });

  test('entries are forgotten after their time', async () => {
    let now = 0;
    const classifier = await classifierOf(await bundleOf('mean-uint8'), {
      cache: { ttlMs: 1000 },
      now: () => now,
    });
    const image = await plain(9);
    expect((await classifier.predict(image)).source).toBe('model');
    now = 999;
    expect((await classifier.predict(image)).source).toBe('cache');
    now = 1000;
    expect((await classifier.predict(image)).source).toBe('model');
  });
});

test('the map never grows over its capacity, and gives back what was set last and is fresh', () => {
  const step = fc.record({ key: fc.integer({ min: 0, max: 8 }), set: fc.boolean(), wait: fc.nat(5) });
  fc.assert(
    fc.property(fc.nat(5), fc.array(step, { maxLength: 60 }), (capacity, steps) => {
      let now = 0;
      const cache = new ExpiringCache<number>(capacity, 10, () => now);
      const truth = new Map<string, { value: number; at: number }>();
      steps.forEach(({ key, set, wait }, value) => {
        now += wait;
        if (set) {
          cache.set(String(key), value);
          truth.set(String(key), { value, at: now });
        } else {
          const got = cache.get(String(key));
          const known = truth.get(String(key));
          if (got !== undefined) {
            expect(got).toBe(known?.value);
            expect(now - (known?.at ?? 0)).toBeLessThan(10);
          }
        }
        expect(cache.size).toBeLessThanOrEqual(capacity);
      });
    }),
  );
});
