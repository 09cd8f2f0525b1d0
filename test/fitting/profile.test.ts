import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { VerifiedBundle } from '../../src/bundle/index.ts';
import { parseCascade, rulesFor } from '../../src/cascade/index.ts';
import {
  evaluateProfile,
  fitCascade,
  renderCascade,
  renderFit,
  renderProfile,
  writeCascade,
  writeFitReport,
} from '../../src/fitting/index.ts';
import { type Classifier, createClassifier } from '../../src/inference/index.ts';
import { photoFolder, temporaryFolder } from '../evaluate/photos.ts';
import { bundleOf } from '../inference/models.ts';

// 10 pictures of each label; brightness tells them apart but for two that lie on the wrong side.
const ROADWORK = [100, 140, 145, 150, 155, 160, 165, 170, 175, 180];
const NONE = [40, 45, 50, 55, 60, 65, 70, 75, 80, 135];
const SETTINGS = {
  generations: [3 as const],
  levels: [0 as const],
  views: 1,
  seed: 0,
  freeCrop: false,
  colours: 'bytes' as const,
};

const open = (bundle: VerifiedBundle): Promise<Classifier> =>
  createClassifier({ bundle, device: 'cpu', threads: 1, cache: { entries: 0 } });

/** The brightness, and the same by another graph. */
async function stages(): Promise<{ name: string; classifier: Classifier; costPer1000: number }[]> {
  const small = await open(await bundleOf('mean-uint8'));
  const large = await open(await bundleOf('weighted-logit'));
  return [
    { name: 'small', classifier: small, costPer1000: 0 },
    { name: 'large', classifier: large, costPer1000: 2 },
  ];
}

test('two real models: fitted, written, read again and evaluated', async () => {
  const folder = await temporaryFolder();
  const images = await photoFolder({ roadwork: ROADWORK, none: NONE });
  const running = await stages();
  const request = {
    stages: running,
    data: { kind: 'folder' as const, path: images },
    settings: SETTINGS,
    makers: 1,
    memory: join(folder, 'memory'),
    resamples: 100,
  };
  try {
    const fitted = await fitCascade({ ...request, profile: 'accuracy', limits: { tolerance: 0.002 } });
    expect(fitted.views).toEqual({ count: 20, used: 20, remembered: 0 });
    expect(fitted.file.combinations.map(({ stages: names }) => names)).toEqual([
      ['small'],
      ['large'],
      ['small', 'large'],
    ]);
    const { chosen, always } = fitted.file.figures;
    expect(chosen.reward).toBeGreaterThanOrEqual(always.reward - 0.002);
    expect(chosen.latencyMs).toBeLessThanOrEqual(always.latencyMs);
    expect(chosen.decided.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);

    const path = join(folder, 'cascade.json');
    await writeCascade(path, fitted);
    const file = parseCascade(await readFile(path, 'utf8'), path);
    expect(file).toEqual({ format: 'sv72.cascade/1', ...fitted.file, others: [] });
    const report = join(folder, 'report.html');
    await writeFitReport(report, fitted);
    expect(await readFile(report, 'utf8')).toMatch(/<svg[\s\S]*<table>/);
    expect(renderFit(fitted, path).join('\n')).toContain('chosen');
    expect(renderCascade(file, [file], path).join('\n')).toMatch(/Also for[\s\S]*Weights/);

    const found = await evaluateProfile({ ...request, profile: 'accuracy', cascade: { file, path } });
    expect(found.views).toEqual({ count: 20, remembered: 20 });
    expect(found.stages.map(({ asked }) => asked)[0]).toBe(1);
    expect(found.stages.reduce((sum, { decided }) => sum + decided, 0)).toBeCloseTo(1, 9);
    for (const { without } of found.stages) {
      expect(without?.pairs).toBe(20);
      expect(without?.reward.second).toBeCloseTo(found.overall.values.reward.value ?? -1, 9);
    }
    expect(renderProfile(found).join('\n')).toContain('Worth it?');

    const others = running.map(({ name }) => ({
      name,
      model: { name, version: '2', sha256: '0'.repeat(64) },
    }));
    expect(() => rulesFor(file, others, path)).toThrow(
      /no fit for small 2 \(00000000\), which is to be the stage small/,
    );
    expect(() => rulesFor(file, others.slice(1), path)).toThrow(/was fitted for the stages small, large/);
  } finally {
    for (const { classifier } of running) await classifier.close();
  }
}, 60_000);

test('one stage alone and too few pictures are refused', async () => {
  const few = await photoFolder({ roadwork: [150, 180], none: [40, 60] });
  const running = await stages();
  const request = {
    stages: running,
    profile: 'accuracy',
    data: { kind: 'folder' as const, path: few },
    settings: SETTINGS,
    makers: 1,
    limits: { tolerance: 0 },
  };
  try {
    await expect(fitCascade({ ...request, stages: running.slice(1) })).rejects.toMatchObject({
      code: 'ERR_CASCADE_STAGES',
    });
    await expect(fitCascade(request)).rejects.toMatchObject({ code: 'ERR_CASCADE_FIT' });
  } finally {
    for (const { classifier } of running) await classifier.close();
  }
}, 60_000);
