import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeBundle } from '../../../src/bundle/index.ts';
import type { ResultOf } from '../../../src/results/index.ts';
import { ask, box, grey, serve, serveArgs } from '../../e2e/box.ts';
import { photoFolder } from '../../evaluate/photos.ts';
import { manifestFor } from '../../inference/models.ts';
import { expectSchema } from '../../support/schema.ts';

const MODELS = join(import.meta.dirname, '..', '..', 'fixtures', 'models');

test('from two models to a fitted cascade that serves: fit, show, evaluate, serve, another model refused', async () => {
  const given = await box();
  const { sandbox } = given;
  const large = join(sandbox.home, 'large');
  await writeBundle({
    dir: large,
    manifest: { ...manifestFor('weighted-logit'), demo: false },
    files: [
      {
        path: 'model.onnx',
        role: 'model',
        precision: 'fp32',
        content: { copyFrom: join(MODELS, 'weighted-logit.onnx') },
      },
    ],
  });
  const folder = join(sandbox.home, '.config', 'sv72');
  const file = join(sandbox.home, 'cascade-accuracy.json');
  const configure = async (bundle: string, cascade: string | null) => {
    await mkdir(folder, { recursive: true });
    await writeFile(
      join(folder, 'sv72.yaml'),
      JSON.stringify({
        profiles: {
          accuracy: {
            device: 'cpu',
            threads: 1,
            stages: [
              { name: 'small', bundle },
              { name: 'large', bundle: large, cost_per_1000: 2 },
            ],
            cascade,
          },
        },
      }),
    );
  };
  await configure(given.bundle, null);
  const images = await photoFolder({
    roadwork: [100, 140, 145, 150, 155, 160, 165, 170, 175, 180],
    none: [40, 45, 50, 55, 60, 65, 70, 75, 80, 135],
  });

  const fit = await sandbox.json([
    'cascade',
    'fit',
    '--profile',
    'accuracy',
    '--images',
    images,
    '--report',
    'trade-off.html',
  ]);
  expect(fit.stderr).toBe('');
  expectSchema('cascade fit', fit.json);
  const { path, cascade, views } = fit.json as ResultOf<'cascade fit'>;
  expect(path).toBe(file);
  expect(views.used).toBe(180);
  expect(cascade.stages.map(({ name }) => name)).toEqual(['small', 'large']);

  await configure(given.bundle, file);
  const show = await sandbox.run(['cascade', 'show', '--profile', 'accuracy']);
  expect(show.stdout).toContain('small');
  const judged = await sandbox.json(['evaluate', '--profile', 'accuracy', '--images', images]);
  expectSchema('evaluate', judged.json);
  expect(judged.json).toMatchObject({ profile: 'accuracy', cascade: file, views: { remembered: 180 } });

  const serving = await serve(given, ['--profile', 'accuracy']);
  expect(serving.listening.engine.name).toContain('small: ');
  expect(serving.listening.engine.name).toContain('large: ');
  const bright = await ask(given, serving, await grey(220));
  const dark = await ask(given, serving, await grey(30));
  expect([bright.prediction, dark.prediction].map((p) => (p ?? 0.5) > 0.5)).toEqual([true, false]);
  expect(await serving.next('challenge')).toMatchObject({ source: 'model' });

  // Another model for the first stage: not with the fit of the one before it, and then with its own.
  const swapped = join(sandbox.home, 'swapped');
  await cp(large, swapped, { recursive: true });
  const miner = ['--miner', given.hotkeys[0]?.ss58 ?? ''];
  const canary = ['deploy', 'canary', swapped, '--share', '100%', '--probes', '0', ...miner];
  expect((await sandbox.json(canary)).json).toMatchObject({
    error: {
      code: 'ERR_CASCADE_STALE',
      message: expect.stringMatching(/no fit for .* which is to be the stage small/),
      next: expect.stringContaining('sv72 cascade fit --profile accuracy --bundle ITS-FOLDER'),
    },
  });
  const anew = ['cascade', 'fit', '--profile', 'accuracy', '--images', images, '--bundle', swapped];
  expect((await sandbox.run(anew)).exit).toBe(0);
  expect((await sandbox.json(['cascade', 'show', file])).json).toMatchObject({
    cascade: { stages: [{ name: 'small', model: { name: 'weighted-logit' } }, { name: 'large' }] },
    others: [{ stages: [{ name: 'small', model: { name: 'mean-uint8' } }, { name: 'large' }] }],
  });
  expect((await sandbox.json(canary)).json).toMatchObject({ candidate: { model: { dir: swapped } } });
  await sandbox.run(['deploy', 'promote', '--force', ...miner]);
  expect((await sandbox.json(['deploy', 'rollback', ...miner])).json).toMatchObject({
    live: { dir: given.bundle },
  });
  serving.child.kill('SIGTERM');
  expect((await serving.exit).exit).toBe(0);

  await writeFile(file, JSON.stringify({ format: 'sv72.cascade/1', ...cascade }));
  await configure(swapped, file);
  const refused = await sandbox.run([
    ...serveArgs({ ...given, bundle: swapped }),
    '--profile',
    'accuracy',
    '--offline',
    '--allow-any',
  ]);
  expect(refused.exit).toBe(1);
  expect(refused.stderr).toContain('ERR_CASCADE_STALE');
  expect(refused.stderr).toContain('which is to be the stage small');
}, 120_000);
