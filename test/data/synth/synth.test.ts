import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  discardPlan,
  openJudge,
  planSynthesis,
  writeDataset,
  writeGenerated,
  writePlan,
} from '../../../src/data/index.ts';
import { drawScene, encodeJpeg } from '../../../src/simulate/index.ts';
import { all, blotches, folder, MADE, newPicture, SOURCE } from '../sample.ts';

async function dataset(licence = 'CC-BY-4.0'): Promise<string> {
  const dir = join(await folder(), 'real');
  await writeDataset({
    dir,
    made: MADE,
    sources: [{ ...SOURCE, licence }],
    pictures: Array.from({ length: 20 }, (_, seed) =>
      newPicture(seed, { group: `place ${seed}`, ...(seed % 2 && { description: 'Barriers at a bridge.' }) }),
    ),
  });
  return dir;
}

async function prepared(more: Partial<Parameters<typeof planSynthesis>[0]> = {}) {
  const root = await folder();
  const places = { work: join(root, 'work'), cache: join(root, 'cache') };
  const synthesis = await planSynthesis({ count: 40, seed: 1, ...places, ...more });
  expect(existsSync(places.work)).toBe(false);
  await writePlan(synthesis, places);
  return { ...synthesis, ...places, root };
}

describe('the plan', () => {
  test('half with road works, no two alike, the same for the same seed', async () => {
    const { plan } = await prepared();
    expect(plan.tasks.filter(({ label }) => label === 1)).toHaveLength(20);
    expect(new Set(plan.tasks.map(({ name }) => name)).size).toBe(40);
    expect(new Set(plan.tasks.map(({ prompt, seed }) => `${prompt} ${seed}`)).size).toBe(40);
    for (const { label, prompt, begin } of plan.tasks) {
      expect(prompt).toMatch(/^Photorealistic dashcam footage of .*street level view$/);
      expect(prompt.includes('construction barriers')).toBe(label === 1);
      expect(begin).toBeNull();
    }
    expect((await prepared()).plan).toEqual(plan);
    expect((await prepared({ seed: 2 })).plan).not.toEqual(plan);
  });

  test('half begin with a training picture of the same class', async () => {
    const from = await dataset();
    const { plan } = await prepared({ from, count: 200 });
    const begun = plan.tasks.filter(({ begin }) => begin !== null);
    expect(begun.length).toBeGreaterThan(60);
    expect(begun.length).toBeLessThan(140);
    const entries = (await readFile(join(from, 'entries.jsonl'), 'utf8'))
      .trim()
      .split('\n')
      .map((l) => JSON.parse(l));
    for (const { begin, label, group, licence, prompt } of begun) {
      const entry = entries.find(({ path }) => path === begin);
      expect(entry).toMatchObject({ split: 'train', label, group, licence });
      if (label === 1) expect(prompt).toMatch(/^Barriers at a bridge, dashcam/);
    }
  });

  test('pictures of unknown licence are refused as a beginning', async () => {
    const from = await dataset('unknown');
    await expect(prepared({ from })).rejects.toMatchObject({ code: 'ERR_DATA_LICENCE' });
    await prepared({ from, acceptUnknownLicence: true });
  });
});

test('the job needs a GPU, and only reads the dataset', async () => {
  const from = await dataset();
  const { spec, work } = await prepared({ from });
  expect(spec).toMatchObject({
    kind: 'synth',
    environment: 'synth',
    gpus: 'all',
    needs: { gpu: true, vramBytes: 12e9 },
    mounts: [{ name: 'work', host: work }, { name: 'cache' }, { name: 'data', host: from, readonly: true }],
  });
  expect(JSON.parse(await readFile(join(work, 'plan.json'), 'utf8')).tasks).toHaveLength(40);
});

test('a plan by which nothing was generated can be discarded, another stays', async () => {
  const { plan, ...places } = await prepared();
  await writeFile(join(places.work, 'pictures', `${plan.tasks[0]?.name}.jpg`), await blotches(1));
  await discardPlan(places);
  expect(existsSync(join(places.work, 'plan.json'))).toBe(true);
  const other = await prepared();
  await discardPlan(other);
  expect(existsSync(other.work)).toBe(false);
});

test('what was generated becomes a dataset; what is missing is listed', async () => {
  const from = await dataset();
  const { plan, work, root } = await prepared({ from });
  for (const [index, { name }] of plan.tasks.slice(1).entries()) {
    await writeFile(join(work, 'pictures', `${name}.jpg`), await blotches(100 + index));
  }
  const { dataset: made, leftOut } = await writeGenerated(
    { plan },
    { dir: join(root, 'set'), work, made: MADE },
  );
  expect(leftOut).toEqual([{ origin: plan.tasks[0]?.name, reason: 'its file is missing' }]);
  const entries = await all(made.entries());
  expect(entries).toHaveLength(39);
  for (const { tags, licence, group } of entries) {
    const begun = tags.includes('from-picture');
    expect(tags).toContain('generated');
    expect(licence).toBe(`CreativeML-OpenRAIL++-M${begun ? ' and CC-BY-4.0' : ''}`);
    expect(group.startsWith('place ')).toBe(begun);
  }
});

test('a judge leaves out what shows the other class, and what is missing stays missing', async () => {
  const { plan, work, root } = await prepared({ count: 6 });
  for (const [index, { name }] of plan.tasks.slice(1).entries()) {
    await writeFile(join(work, 'pictures', `${name}.jpg`), await blotches(100 + index));
  }
  const looked: number[] = [];
  const judge = { probability: async () => [0.1, 0.9, 0.7, 0.2, 0.3][looked.push(0) - 1] ?? 0 };
  const { leftOut, dataset: made } = await writeGenerated(
    { plan },
    { dir: join(root, 'set'), work, made: MADE, judge },
  );
  const [first, , , fourth, fifth] = plan.tasks.map(({ name }) => name);
  expect(leftOut).toEqual([
    { origin: first, reason: 'its file is missing' },
    { origin: fourth, reason: 'it was to show none, but the judge sees road works (0.70)' },
    { origin: fifth, reason: 'it was to show road works, but the judge sees no road works (0.20)' },
  ]);
  expect(made.manifest.counts.pictures).toBe(3);
});

test('the bundle that comes along judges a drawn street', async () => {
  const judge = await openJudge(join(import.meta.dirname, '..', '..', '..', 'models', 'demo'));
  const { image } = await drawScene(7, { label: 1 });
  expect(await judge.probability(await encodeJpeg(image))).toBeGreaterThan(0.5);
  await judge.close();
});
