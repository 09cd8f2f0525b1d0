import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type Answer,
  type AnswerOptions,
  answersOf,
  answersOfAll,
} from '../../../src/evaluate/answers/answers.ts';
import { openMemory } from '../../../src/evaluate/answers/memory.ts';
import { viewJpeg } from '../../../src/evaluate/views/make.ts';
import { picturesOfFolder } from '../../../src/evaluate/views/picture.ts';
import { type View, type ViewOptions, views } from '../../../src/evaluate/views/views.ts';
import { bundleOf, classifierOf, plain } from '../../inference/models.ts';
import { photoFolder, temporaryFolder } from '../photos.ts';

const cpu: AnswerOptions = { device: 'cpu', makers: 1 };
/** Views that are quick to make. */
const few: ViewOptions = { generations: [2, 3], levels: [0, 1] };

async function collect(from: AsyncIterable<Answer>): Promise<Answer[]> {
  const answers: Answer[] = [];
  for await (const answer of from) answers.push(answer);
  return answers;
}

async function someViews(): Promise<{ folder: string; wanted: View[] }> {
  const folder = await photoFolder({ roadwork: [180, 200, 220], none: [20, 40, 60] });
  return { folder, wanted: views(await picturesOfFolder(folder), few) };
}

describe('answers to views', () => {
  it('are what the classifier says to the same bytes, one for each view', async () => {
    const { wanted } = await someViews();
    const bundle = await bundleOf('mean-uint8');
    const answers = await collect(answersOf(bundle, wanted, cpu));
    expect(answers.map(({ view }) => view.key).sort()).toEqual(wanted.map(({ key }) => key).sort());
    const classifier = await classifierOf(bundle);
    for (const { view, p, failed, remembered, width, height } of answers) {
      expect((await classifier.predict(await viewJpeg(view))).probability).toBeCloseTo(p, 6);
      expect({ failed, remembered, width, height }).toEqual({
        failed: null,
        remembered: false,
        width: 48,
        height: 32,
      });
    }
  });

  it('are remembered: a second run computes nothing', async () => {
    const { wanted } = await someViews();
    const bundle = await bundleOf('mean-uint8');
    const memory = await temporaryFolder();
    const first = await collect(answersOf(bundle, wanted, { ...cpu, memory }));
    const second = await collect(answersOf(bundle, wanted, { ...cpu, memory }));
    expect(second.every(({ remembered }) => remembered)).toBe(true);
    const byKey = (answers: Answer[]) => new Map(answers.map(({ view, p }) => [view.key, p]));
    expect(byKey(second)).toEqual(byKey(first));
    // Another model is asked itself, also where only the manifest differs.
    const other = await bundleOf('mean-uint8', { calibration: { inGraph: false, temperature: 2, bias: 0 } });
    for await (const { remembered } of answersOf(other, wanted, { ...cpu, memory })) {
      expect(remembered).toBe(false);
      // Leaving in the middle ends everything that runs.
      break;
    }
    expect(await readdir(memory)).toHaveLength(2);
  });

  it('stop at the signal, and the next run goes on from there', async () => {
    const { wanted } = await someViews();
    const bundle = await bundleOf('mean-uint8');
    const memory = await temporaryFolder();
    const stop = new AbortController();
    const seen: Answer[] = [];
    const interrupted = (async () => {
      for await (const answer of answersOf(bundle, wanted, { ...cpu, memory, signal: stop.signal })) {
        seen.push(answer);
        if (seen.length === 3) stop.abort();
      }
    })();
    await expect(interrupted).rejects.toMatchObject({ code: 'ERR_INTERRUPTED' });
    expect(seen.length).toBeGreaterThanOrEqual(3);
    expect(seen.length).toBeLessThan(wanted.length);
    const rest = await collect(answersOf(bundle, wanted, { ...cpu, memory }));
    expect(rest).toHaveLength(wanted.length);
    expect(rest.filter(({ remembered }) => remembered).length).toBeGreaterThanOrEqual(seen.length);
    await expect(
      collect(answersOf(bundle, wanted, { ...cpu, signal: AbortSignal.abort() })),
    ).rejects.toMatchObject({ code: 'ERR_INTERRUPTED' });
  });

  it('leave out a picture that is none, and say so', async () => {
    const { folder, wanted } = await someViews();
    await writeFile(join(folder, 'none', 'broken.jpg'), 'no picture');
    const all = views(await picturesOfFolder(folder), few);
    const left: string[] = [];
    const answers = await collect(
      answersOf(await bundleOf('mean-uint8'), all, {
        ...cpu,
        onUnreadable: ({ name }, reason) => left.push(`${name}: ${reason}`),
      }),
    );
    expect(answers).toHaveLength(wanted.length);
    expect(left).toEqual([expect.stringContaining(join('none', 'broken.jpg'))]);
  });

  it('of two models are to the same pixels, and only what is missing is computed', async () => {
    const { wanted } = await someViews();
    const [bundle, other] = [await bundleOf('mean-uint8'), await bundleOf('weighted-logit')];
    const memory = await temporaryFolder();
    const alone = new Map(
      (await collect(answersOf(bundle, wanted, { ...cpu, memory }))).map(({ view, p }) => [view.key, p]),
    );
    let count = 0;
    for await (const [first, second] of answersOfAll([{ bundle }, { bundle: other }], wanted, {
      ...cpu,
      memory,
    })) {
      expect(first?.remembered).toBe(true);
      expect(second?.remembered).toBe(false);
      expect(first?.p).toBe(alone.get(first?.view.key ?? ''));
      expect(second?.view).toBe(first?.view);
      count++;
    }
    expect(count).toBe(wanted.length);
  });

  it('count as the prior where the engine cannot answer, and are asked again the next time', async () => {
    const folder = await photoFolder({ roadwork: [], none: [20] });
    // The fixture hangs on white, and its engine is given up.
    await writeFile(join(folder, 'roadwork', 'white.png'), await plain(255));
    const wanted = views(await picturesOfFolder(folder), { generations: [3] });
    const bundle = await bundleOf('white-hangs');
    const memory = await temporaryFolder();
    const answers = await collect(answersOf(bundle, wanted, { ...cpu, memory }));
    const of = (label: number) => answers.find(({ view }) => view.label === label);
    expect(of(1)).toMatchObject({ p: 0.5, remembered: false, failed: expect.stringContaining('engine') });
    expect(of(0)).toMatchObject({ failed: null });
    const [file = ''] = await readdir(memory);
    const kept = await openMemory(join(memory, file));
    expect(kept.get(of(1)?.view.key ?? '')).toBeUndefined();
    expect(kept.get(of(0)?.view.key ?? '')?.p).toBe(of(0)?.p);
    await kept.close();
  });
});
