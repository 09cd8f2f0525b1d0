import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ManifestInput } from '../../src/bundle/index.ts';
import { openDataset, writeDataset } from '../../src/data/index.ts';
import { type EvaluateRequest, evaluate, writeAnswers, writeReport } from '../../src/evaluate/index.ts';
import { bundleOf } from '../inference/models.ts';
import { expectSchema } from '../support/schema.ts';
import { photo, photoFolder, temporaryFolder } from './photos.ts';

const settings: EvaluateRequest['settings'] = {
  generations: [2, 3],
  levels: [0, 1],
  views: 1,
  seed: 0,
  freeCrop: false,
  colours: 'bytes',
};

/** Bright pictures are roadwork to the fixture model; one dark one is labelled so as well. */
const folderOfPhotos = () => photoFolder({ roadwork: [200, 215, 230, 35], none: [20, 40, 60, 80] });

describe('evaluating a model', () => {
  it('finds its mistakes, writes the report, and prints what the schema says', async () => {
    const folder = await folderOfPhotos();
    const [bundle, other] = [await bundleOf('mean-uint8'), await bundleOf('weighted-logit')];
    await writeFile(join(folder, 'none', 'broken.jpg'), 'no picture');
    const progress: number[] = [];
    const found = await evaluate({
      contestant: { bundle },
      other: { bundle: other },
      data: { kind: 'folder', path: folder },
      settings,
      device: 'cpu',
      makers: 1,
      resamples: 50,
      onProgress: ({ done }) => progress.push(done),
    });
    const { evaluation } = found;
    expectSchema('evaluate', { ...evaluation, report: null, answers: null });
    expect(evaluation.data).toMatchObject({ pictures: 8, roadwork: 4, none: 4, name: expect.any(String) });
    expect(evaluation.data.unreadable.map(({ picture }) => picture)).toEqual([join('none', 'broken.jpg')]);
    expect(evaluation.views).toEqual({ count: 24, remembered: 0, failed: 0 });
    expect(progress).toEqual(Array.from({ length: 24 }, (_, i) => i + 1));
    // Letterbox and rotation only add black, so what is dark stays dark; the pixels of generation 3 are the picture's.
    const third = evaluation.generations.find(({ generation }) => generation === 3)?.figures;
    expect(third?.confusion).toEqual({ tp: 3, fp: 0, fn: 1, tn: 4 });
    expect(evaluation.worst[0]).toMatchObject({ picture: join('roadwork', '35.png'), wrong: 3, views: 3 });
    // The other one calls everything grey none.
    const { tp, fp } = evaluation.overall.confusion;
    expect(evaluation.comparison?.difference).toMatchObject({
      pairs: 24,
      flips: tp + fp,
      mcnemar: { onlyFirst: tp, onlySecond: fp },
      accuracy: { second: 0.5 },
    });

    const to = await temporaryFolder();
    await writeReport(join(to, 'report.html'), found, () => new Date(0));
    const page = await readFile(join(to, 'report.html'), 'utf8');
    expect(page).toContain('35.png');
    expect(page.match(/data:image\/jpeg/g)).toHaveLength(evaluation.worst.length);
    await writeAnswers(join(to, 'answers.jsonl'), found);
    const lines = (await readFile(join(to, 'answers.jsonl'), 'utf8')).trim().split('\n');
    expect(lines).toHaveLength(24);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      label: 0,
      generation: 2,
      level: 0,
      other: expect.any(Number),
    });
  });

  it('says the same twice, whatever the order of the answers', async () => {
    const request: EvaluateRequest = {
      contestant: { bundle: await bundleOf('mean-uint8') },
      data: { kind: 'folder', path: await folderOfPhotos() },
      settings,
      pictures: 6,
      device: 'cpu',
      makers: 1,
      resamples: 50,
      memory: await temporaryFolder(),
    };
    const [a, b] = [(await evaluate(request)).evaluation, (await evaluate(request)).evaluation];
    expect(b).toEqual({ ...a, seconds: b.seconds, views: { ...a.views, remembered: 18 } });
    expect(a.data).toMatchObject({ pictures: 6, roadwork: 3, none: 3 });
  });

  it('refuses a set that lacks a class, before any engine starts', async () => {
    const folder = await photoFolder({ roadwork: [200], none: [] });
    await expect(
      evaluate({
        contestant: { bundle: await bundleOf('mean-uint8') },
        data: { kind: 'folder', path: folder },
        settings,
        onReady: () => expect.unreachable(),
      }),
    ).rejects.toMatchObject({
      code: 'ERR_DATASET_EMPTY',
      message: expect.stringMatching(/no readable pictures without roadwork \(1 with roadwork, 0 without\)/),
    });
  });

  it('of a dataset takes the part that was asked for, with its tags and sources', async () => {
    const dir = join(await temporaryFolder(), 'set');
    await writeDataset({
      dir,
      sources: [
        { id: 'here', title: 'Here', licence: 'CC0-1.0', attribution: null, url: null, revision: null },
      ],
      pictures: [20, 30, 40, 50, 60, 70, 180, 190, 200, 210, 220, 230].map((brightness) => ({
        origin: String(brightness),
        load: () => photo(brightness),
        label: brightness > 128 ? 1 : 0,
        source: 'here',
        tags: [brightness % 20 === 0 ? 'even' : 'odd'],
      })),
      split: { seed: 1, shares: { train: 0.5, validation: 0, test: 0.5 } },
      made: { by: 'tests', command: null },
    });
    const dataset = await openDataset(dir);
    const request: EvaluateRequest = {
      contestant: { bundle: await bundleOf('mean-uint8') },
      data: { kind: 'dataset', path: dir, split: 'test' },
      settings: { ...settings, generations: [3] },
      device: 'cpu',
      makers: 1,
      resamples: 20,
    };
    const { evaluation } = await evaluate(request);
    expect(evaluation.data).toMatchObject({
      kind: 'dataset',
      fingerprint: dataset.fingerprint,
      split: 'test',
      roadwork: dataset.manifest.counts.test.roadwork,
      none: dataset.manifest.counts.test.none,
    });
    expect(evaluation.overall.values.accuracy.value).toBe(1);
    expect(evaluation.model.met).toBeNull();
    const pupil = await bundleOf('mean-uint8', { training: trainingOn(dataset.fingerprint) });
    for (const [split, met] of [
      ['train', 'training'],
      ['test', null],
    ] as const) {
      const again = await evaluate({
        ...request,
        contestant: { bundle: pupil },
        data: { kind: 'dataset', path: dir, split },
      });
      expect(again.evaluation.model.met).toBe(met);
    }
    for await (const entry of dataset.entries({ split: 'test' })) {
      await writeFile(join(dir, entry.path), await photo(99));
      break;
    }
    await expect(evaluate(request)).rejects.toMatchObject({ code: 'ERR_DATASET_DAMAGED' });
  });
});

/** What the bundle of a training says of itself. */
function trainingOn(fingerprint: string): NonNullable<ManifestInput['training']> {
  return {
    recipe: 'quick',
    kind: 'finetune',
    seed: 1,
    backbone: { id: 'tiny', parameters: 1 },
    base: null,
    data: [{ name: 'set', fingerprint, licence: 'CC0-1.0', attribution: null, sources: [] }],
    pictures: { train: 6, validation: 0, test: 6 },
    steps: 1,
    seconds: 1,
    hardware: 'a CPU',
    versions: {},
  };
}
