import { createHash } from 'node:crypto';
import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import {
  type Candidate,
  exportFiftyOne,
  hardPictures,
  openReview,
  reviewSource,
  writeReviewed,
} from '../../../src/data/index.ts';
import { imagePath, openStoreWriter, type RequestRecord } from '../../../src/store/index.ts';
import { all, blotches, folder, MADE } from '../sample.ts';

const PLAIN: Omit<RequestRecord, 'at' | 'sha256' | 'prediction'> = {
  outcome: 'answered',
  miner: '5Miner',
  validator: '5Validator',
  protocol: 'axon',
  route: '/ImageSynapse',
  source: 'model',
  reason: null,
  imageBytes: 100,
  width: 64,
  height: 48,
  totalMs: 5,
  queueMs: 1,
  decodeMs: 1,
  inferMs: 1,
  model: { name: 'demo', version: '1.0.0' },
};

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** A store as `serve` leaves it: for each seed the answers given, with what differs from the plain ones. */
async function stored(answers: Record<number, (Partial<RequestRecord> & { prediction: number })[]>) {
  const root = await folder();
  const places = { store: join(root, 'sv72.db'), images: join(root, 'images') };
  const writer = openStoreWriter({
    path: places.store,
    imageFolder: places.images,
    imageCapBytes: 10e6,
    retentionDays: 36_500,
    retentionRows: 1_000,
  });
  const hashes: Record<string, string> = {};
  let at = 1_000;
  for (const [seed, given] of Object.entries(answers)) {
    const bytes = await blotches(Number(seed));
    const sha256 = hashOf(bytes);
    hashes[sha256] = seed;
    for (const answer of given) writer.record({ ...PLAIN, at: at++, sha256, ...answer });
    writer.keepImage({ at, sha256, bytes });
  }
  await writer.close();
  return { ...places, seedsOf: (found: readonly { sha256: string }[]) => found.map((c) => hashes[c.sha256]) };
}

describe('the hardest come first', () => {
  const answers = {
    1: [{ prediction: 0.99 }, { prediction: 0.97 }],
    2: [{ prediction: 0.52 }],
    3: [{ prediction: 0.4 }, { prediction: 0.7, model: { name: 'demo', version: '1.1.0' } }],
    4: [{ prediction: 0.1 }, { prediction: 0.95, miner: '5Other' }],
    5: [{ prediction: 0.5, source: 'prior' }],
    6: [{ prediction: 0.3 }],
  };

  test('disagreements by how far they are apart, then the least certain; never the prior', async () => {
    const { store, images, seedsOf } = await stored(answers);
    const found = hardPictures({ store, images, limit: 10 });
    expect(seedsOf(found)).toEqual(['4', '3', '2', '6', '1']);
    expect(found[1]).toMatchObject({ lowest: 0.4, highest: 0.7, answers: 2 });
    expect([...(found[1]?.models ?? [])].sort()).toEqual(['demo@1.0.0', 'demo@1.1.0']);
    expect(seedsOf(hardPictures({ store, images, limit: 10, disagreeing: true }))).toEqual(['4', '3']);
    expect(seedsOf(hardPictures({ store, images, limit: 1 }))).toEqual(['4']);
    expect(seedsOf(hardPictures({ store, images, limit: 9, since: 1_007 }))).toEqual(['6']);
  });

  test('only what is kept; without any it says how to keep pictures', async () => {
    const { store, images, seedsOf } = await stored(answers);
    const [first] = hardPictures({ store, images, limit: 1 });
    await rm(imagePath(images, first?.sha256 ?? ''));
    expect(seedsOf(hardPictures({ store, images, limit: 10 }))).not.toContain('4');
    const none = { code: 'ERR_DATASET_EMPTY', next: expect.stringContaining('--keep-images') };
    expect(() => hardPictures({ store, images: join(images, 'none'), limit: 9 })).toThrow(
      expect.objectContaining(none),
    );
    expect(() => hardPictures({ store: join(images, 'no.db'), images, limit: 9 })).toThrow(
      expect.objectContaining(none),
    );
  });
});

async function candidates(count: number): Promise<(Candidate & { bytes: Uint8Array })[]> {
  return await Promise.all(
    Array.from({ length: count }, async (_, seed) => {
      const bytes = await blotches(seed);
      const figures = {
        lowest: 0.4,
        highest: 0.4 + seed / 10,
        mean: 0.4 + seed / 20,
        answers: 2,
        models: ['m@1.0.0'],
      };
      return { sha256: hashOf(bytes), ...figures, bytes };
    }),
  );
}

describe('a review', () => {
  test('keeps every answer at once, also over a crash, and becomes a dataset', async () => {
    const dir = join(await folder(), 'hard.review');
    const [a, b, c, d] = await candidates(4);
    if (!a || !b || !c || !d) throw new Error('too few');
    const review = await openReview(dir);
    await review.answer(a, 'yes', a.bytes);
    await review.answer(b, 'no', b.bytes);
    await review.answer(c, 'skip', c.bytes);
    await review.answer(d, 'yes', d.bytes);
    await review.undo(d);
    await appendFile(join(dir, 'answers.jsonl'), '{"sha256":"cut o');
    const again = await openReview(dir);
    expect([...again.verdicts].map(([sha256, { verdict }]) => [sha256, verdict])).toEqual([
      [a.sha256, 'yes'],
      [b.sha256, 'no'],
      [c.sha256, 'skip'],
    ]);
    await again.answer(d, 'no', d.bytes);
    await again.answer(a, 'no', a.bytes);
    const last = await openReview(dir);
    expect(last.verdicts.get(a.sha256)?.verdict).toBe('no');
    expect(last.verdicts.get(d.sha256)?.disagreeing).toBe(true);

    const set = join(dir, '..', 'hard');
    const rules = { made: MADE, acceptUnknownLicence: true };
    const { dataset } = await writeReviewed({ ...rules, dir: set, review: last });
    const entries = await all(dataset.entries());
    expect(entries.map(({ label }) => label)).toEqual([0, 0, 0]);
    expect(entries.find(({ sha256 }) => sha256 === d.sha256)?.tags).toEqual([
      'hard',
      'disagreement',
      'model:m@1.0.0',
    ]);
    await last.answer(a, 'yes', a.bytes);
    const second = await writeReviewed({ ...rules, dir: set, review: last, replace: true });
    expect(second.dataset.fingerprint).not.toBe(dataset.fingerprint);
    for (const one of [review, again, last]) await one.close();
  });

  test('a picture that is not what it was is refused', async () => {
    const review = await openReview(join(await folder(), 'x.review'));
    const [a] = await candidates(1);
    if (!a) throw new Error('none');
    await expect(review.answer(a, 'yes', Buffer.from('x'))).rejects.toMatchObject({
      code: 'ERR_DATASET_DAMAGED',
    });
    expect(review.verdicts.size).toBe(0);
    await review.close();
  });

  test('needs a licence, or somebody who takes it upon themselves', () => {
    expect(() => reviewSource({})).toThrow(expect.objectContaining({ code: 'ERR_DATA_LICENCE' }));
    expect(reviewSource({ acceptUnknownLicence: true }).licence).toBe('unknown');
    expect(reviewSource({ licence: 'CC0-1.0' }).licence).toBe('CC0-1.0');
  });
});

test('FiftyOne gets pictures, answers and what the models decided', async () => {
  const root = await folder();
  const [a, c] = await candidates(2);
  if (!a || !c) throw new Error('too few');
  const like = (bytes: Uint8Array) => ({ ...c, bytes, sha256: hashOf(bytes) });
  const b = like(await sharp(c.bytes).png().toBuffer());
  const w = like(await sharp(c.bytes).webp().toBuffer());
  await mkdir(join(root, 'kept'));
  for (const { sha256, bytes } of [a, b, w]) await writeFile(join(root, 'kept', sha256), bytes);
  const verdicts = new Map([[a.sha256, { verdict: 'yes' as const }]]);
  await exportFiftyOne(join(root, 'out'), [a, { ...b, mean: 0.9 }, w], verdicts, (sha256) =>
    join(root, 'kept', sha256),
  );
  const read = async (name: string) => JSON.parse(await readFile(join(root, 'out', name), 'utf8'));
  expect(await read('labels.json')).toEqual({
    classes: ['none', 'roadwork'],
    labels: { [a.sha256]: 1, [b.sha256]: null, [w.sha256]: null },
  });
  expect((await read('predictions.json')).labels).toEqual({ [a.sha256]: 0, [b.sha256]: 1, [w.sha256]: 0 });
  for (const [{ sha256, bytes }, ending] of [
    [a, 'jpg'],
    [b, 'png'],
    [w, 'webp'],
  ] as const)
    expect(Buffer.compare(await readFile(join(root, 'out', 'data', `${sha256}.${ending}`)), bytes)).toBe(0);
});
