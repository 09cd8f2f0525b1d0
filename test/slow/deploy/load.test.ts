import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import sharp from 'sharp';
import { expect, onTestFinished, test } from 'vitest';
import { Fleet } from '../../../src/deploy/fleet.ts';
import { ask, box, grey, serve } from '../../e2e/box.ts';
import { bundleOf, classifierOf } from '../../inference/models.ts';
import { finished } from '../../support/cli.ts';

const DEADLINE_MS = 4_000;

test('a hundred changes of the model under load: no answer fails, none is late', async () => {
  const next = async (version: number) => {
    const bundle = await bundleOf('mean-uint8');
    const identity = {
      name: 'm',
      version: `${version}.0.0`,
      dir: bundle.dir,
      manifestSha256: String(version),
    };
    return { identity, classifier: await classifierOf(bundle, { threads: 1 }) };
  };
  const fleet = new Fleet({ live: await next(0) });
  onTestFinished(() => fleet.close());
  let going = true;
  const seen = new Set<string>();
  const faults: string[] = [];
  let answers = 0;
  const caller = async (id: number) => {
    for (let i = 0; going; i += 1) {
      const level = (id * 50 + i) % 256;
      const image = await sharp({
        create: { width: 8 + id, height: 8, channels: 3, background: { r: level, g: level, b: level } },
      })
        .png()
        .toBuffer();
      const started = performance.now();
      const { prediction, model } = await fleet.predict(image, { deadline: started + DEADLINE_MS });
      answers += 1;
      seen.add(model.version);
      if (performance.now() - started > DEADLINE_MS) faults.push(`${i}: late`);
      if (prediction.source === 'prior') faults.push(`${i}: ${prediction.reason}`);
      if (Math.abs(prediction.probability - level / 255) > 0.01)
        faults.push(`${i}: ${prediction.probability}`);
    }
  };
  const callers = Promise.all([0, 1, 2, 3].map(caller));
  for (let version = 1; version <= 100; version += 1) {
    const model = await next(version);
    if (version % 2 === 0) {
      fleet.begin(model, { mode: 'canary', share: 0.5, probes: null });
      fleet.promote();
    } else fleet.replaceLive(model);
  }
  going = false;
  await callers;
  await fleet.settled();
  expect(faults).toEqual([]);
  expect(answers).toBeGreaterThan(100);
  expect(seen.size).toBeGreaterThan(50);
});

test.each([0, 40, 120, 250, 400, 600])(
  'kill -9 %i ms into a promotion: the next start has the one model or the other, whole',
  async (afterMs) => {
    const given = await box();
    const serving = await serve(given);
    const other = await bundleOf('mean-uint8', { demo: false, version: '2.0.0' });
    const miner = ['--miner', given.hotkeys[0]?.ss58 ?? ''];
    const begun = await given.sandbox.run(['deploy', 'shadow', other.dir, '--probes', '0', ...miner]);
    expect(begun.exit).toBe(0);
    const ordered = given.sandbox.start(['deploy', 'promote', '--force', '--json', ...miner]);
    const outcome = finished(ordered);
    await wait(afterMs);
    serving.child.kill('SIGKILL');
    await serving.exit;
    const { exit } = await outcome;
    const again = await serve(given);
    const { version } = again.listening.bundle;
    // Who was told that it is done finds it done.
    expect(exit === 0 ? ['2.0.0'] : ['1.0.0', '2.0.0']).toContain(version);
    expect((await ask(given, again, await grey(99))).prediction).toBeCloseTo(99 / 255, 1);
    again.child.kill('SIGTERM');
    await again.exit;
  },
);
