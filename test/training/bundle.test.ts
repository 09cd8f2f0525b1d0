import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadBundle } from '../../src/bundle/index.ts';
import { openDataset } from '../../src/data/index.ts';
import {
  findRecipe,
  readResults,
  renderTraining,
  type TrainedBundleOptions,
  writeTrainedBundle,
} from '../../src/training/index.ts';
import { folder, SOURCE } from '../data/sample.ts';
import { blotchSet, leaveRun, TRAINER } from './stage.ts';

async function bundleOf(
  results: Record<string, unknown> = {},
  source = SOURCE,
  licence: string | undefined = undefined,
  more: Partial<TrainedBundleOptions> = {},
) {
  const at = await folder();
  const work = join(at, 'run');
  await leaveRun(work, results);
  return await writeTrainedBundle({
    dir: join(at, 'model'),
    replace: false,
    name: 'mine',
    version: '1.2.3',
    licence,
    by: 'sv72 test',
    command: 'sv72 train …',
    work,
    recipe: await findRecipe('plain', TRAINER),
    datasets: [await openDataset(await blotchSet(at, { source }))],
    results: await readResults(work),
    now: new Date('2026-11-21T00:00:00Z'),
    ...more,
  });
}

describe('the bundle of a training', () => {
  test('says what it was made of, and can be loaded', async () => {
    const bundle = await bundleOf();
    const { manifest } = await loadBundle(bundle.dir);
    expect(manifest).toMatchObject({
      name: 'mine',
      version: '1.2.3',
      licence: 'Apache-2.0',
      demo: false,
      calibration: { inGraph: true, bias: 0.1, temperature: 1.2 },
      metrics: [
        {
          dataset: 'test split of blotches',
          condition: 'generation 1',
          samples: 40,
          values: { rewardLow: 0.85 },
        },
      ],
      training: {
        recipe: 'plain',
        seed: 72,
        backbone: { id: 'plain-s', parameters: 96_909 },
        base: null,
        data: [
          {
            name: 'blotches',
            licence: 'CC0-1.0',
            attribution: null,
            sources: [{ title: 'Sample pictures', licence: 'CC0-1.0' }],
          },
        ],
        steps: 20,
        seconds: 3.5,
        versions: { torch: '2.15.0' },
      },
      provenance: { by: 'sv72 test', at: '2026-11-21T00:00:00.000Z', command: 'sv72 train …' },
    });
    const data = await openDataset(join(bundle.dir, '..', 'set-0'));
    expect(manifest.training?.data[0]?.fingerprint).toBe(data.fingerprint);
    expect(manifest.files.map(({ path, role }) => [path, role])).toEqual([
      ['model.onnx', 'model'],
      ['README.md', 'readme'],
      ['training/metrics.json', 'metrics'],
      ['training/report.html', 'other'],
      ['training/weights.safetensors', 'other'],
      ['training/recipe.json', 'other'],
    ]);
    expect(await readFile(join(bundle.dir, 'README.md'), 'utf8')).toContain('0.900 (0.850 to 0.950)');
  });

  const bound = {
    backbone: {
      id: 'vit_small_plus_patch16_dinov3.lvd1689m',
      parameters: 28_700_000,
      licence: 'dinov3-license',
      binds: true,
      firstWeights: 'hub',
    },
  };

  test('goes under a licence that binds, with its text', async () => {
    const at = await folder();
    await leaveRun(at, { ...bound, licenceFile: 'LICENSE.txt', checkpoint: true });
    await mkdir(join(at, 'checkpoint'));
    for (const name of ['model.safetensors', 'config.json'])
      await writeFile(join(at, 'checkpoint', name), name);
    await writeFile(join(at, 'LICENSE.txt'), 'You may…');
    const bundle = await writeTrainedBundle({
      dir: join(at, 'model'),
      replace: false,
      name: 'mine',
      version: '1.0.0',
      licence: 'MIT',
      by: 'sv72 test',
      command: undefined,
      work: at,
      recipe: await findRecipe('lora', TRAINER),
      datasets: [await openDataset(await blotchSet(at))],
      results: await readResults(at),
    });
    expect(bundle.manifest.licence).toBe('dinov3-license');
    expect(bundle.manifest.training?.base).toMatchObject({ weights: 'hub', binds: true });
    expect(await readFile(join(bundle.dir, 'LICENSE.md'), 'utf8')).toBe('You may…');
    const paths = bundle.manifest.files.map(({ path }) => path);
    expect(paths).toContain('checkpoint/config.json');
    expect(paths).not.toContain('training/weights.safetensors');
  });

  test.each([
    [{ kind: 'bundle', dir: '/teacher', name: 'large', version: '2.0.0' }, 'taught by large 2.0.0'],
    [{ kind: 'openai', url: 'https://host/v1', model: 'Qwen/Qwen3.5-4B' }, 'taught by Qwen/Qwen3.5-4B'],
    [undefined, 'taught by soft labels of the data'],
  ] as const)('names its teacher: %o', async (teacher, text) => {
    const recipe = await findRecipe('distill', TRAINER);
    const { manifest } = await bundleOf({}, SOURCE, undefined, { recipe, teacher });
    expect(manifest.provenance.from).toContain(text);
    expect(manifest.provenance.from).not.toContain('host');
  });

  test('random weights are bound by nothing', async () => {
    const { manifest } = await bundleOf(
      { backbone: { ...bound.backbone, firstWeights: 'random' } },
      SOURCE,
      'MIT',
    );
    expect(manifest.licence).toBe('MIT');
  });

  test('attributions go along', async () => {
    const { dir } = await bundleOf(
      {},
      { ...SOURCE, licence: 'ODC-By-1.0', attribution: 'Pictures by Somebody' },
    );
    expect(await readFile(join(dir, 'NOTICE'), 'utf8')).toBe('Pictures by Somebody\n');
  });

  test('a model that has only seen drawn streets is a demonstration', async () => {
    const { manifest } = await bundleOf({}, { ...SOURCE, id: 'drawn' });
    expect(manifest.demo).toBe(true);
    expect(manifest.description).toContain('must not go to mainnet');
  });
});

test('a job that leaves nonsense is not believed', async () => {
  const at = await folder();
  await leaveRun(at, { calibration: { bias: 'none' } });
  await expect(readResults(at)).rejects.toMatchObject({ code: 'ERR_TRAINING_FAILED' });
  await expect(readResults(await folder())).rejects.toMatchObject({ code: 'ERR_TRAINING_FAILED' });
});

test('what a training came to, for people', async () => {
  const at = await folder();
  await leaveRun(at);
  const lines = renderTraining(await readResults(at));
  expect(lines.join('\n')).toContain('0.10 M parameters, from random weights');
  expect(lines.join('\n')).toContain('20 steps on 24 pictures in 4 s');
  expect(lines.join('\n')).toContain('reward 0.900 (0.850–0.950)');
  expect(lines[0]).toContain('loss, by epoch');
});
