import { describe, expect, it, onTestFinished } from 'vitest';
import { type MadeView, makeViews, viewJpeg } from '../../../src/evaluate/views/make.ts';
import { UnreadablePicture, ViewMakers } from '../../../src/evaluate/views/makers.ts';
import type { Picture } from '../../../src/evaluate/views/picture.ts';
import { views } from '../../../src/evaluate/views/views.ts';
import {
  challengeImage,
  createRandom,
  decodeImage,
  drawScene,
  encodeJpeg,
} from '../../../src/simulate/index.ts';

const scene = await drawScene(11, { width: 320 });
const bytes = await encodeJpeg(scene.image);

function picture(read: () => Promise<Uint8Array> = async () => bytes): Picture {
  return {
    sha256: 'a'.repeat(64),
    name: 'scene',
    label: scene.label,
    group: 'a',
    source: null,
    tags: [],
    objects: scene.maskPoints,
    read,
  };
}

function makers(count = 1): ViewMakers {
  const made = new ViewMakers(count);
  onTestFinished(() => made.close());
  return made;
}

async function collect(from: AsyncGenerator<MadeView>): Promise<MadeView[]> {
  const made: MadeView[] = [];
  for await (const view of from) made.push(view);
  return made;
}

describe('making views', () => {
  const wanted = views([picture()]);
  const recipes = wanted.map(({ recipe }) => recipe);

  it('gives the very bytes that a validator in a box sends', async () => {
    const made = await collect(makeViews(bytes, scene.maskPoints, recipes));
    const image = await decodeImage(bytes);
    for (const [index, { generation, level, stream, seed }] of recipes.entries()) {
      const { jpeg } = await challengeImage({
        image,
        maskPoints: scene.maskPoints,
        generation,
        rng: createRandom(seed, stream),
        ...(level !== null && { level }),
      });
      expect(Buffer.from(made[index]?.jpeg ?? []).equals(jpeg), `${generation} ${level}`).toBe(true);
      expect(made[index]).toMatchObject({ width: 320, height: 240 });
    }
  });

  it('gives the same in a process of its own, in the order of the request', async () => {
    const here = await collect(makeViews(bytes, scene.maskPoints, recipes));
    const there: Uint8Array[] = [];
    await makers().make(picture(), recipes, (index, { jpeg }) => {
      expect(index).toBe(there.length);
      there.push(jpeg);
    });
    expect(there.map((jpeg) => Buffer.from(jpeg).toString('hex'))).toEqual(
      here.map(({ jpeg }) => Buffer.from(jpeg).toString('hex')),
    );
    const [last] = wanted.slice(-1);
    if (last !== undefined) expect([...(await viewJpeg(last))]).toEqual([...(there.at(-1) ?? [])]);
  });

  it('says of what is no picture that it is none, and goes on with the next', async () => {
    const workshop = makers();
    const broken = picture(async () => Buffer.from('no picture'));
    await expect(workshop.make(broken, recipes, () => {})).rejects.toThrow(UnreadablePicture);
    let count = 0;
    await workshop.make(picture(), recipes, () => {
      count++;
    });
    expect(count).toBe(recipes.length);
  });

  it('survives the end of its process', async () => {
    const workshop = makers();
    const alone = recipes.slice(0, 1);
    let pid = 0;
    await workshop.make(picture(), alone, () => {
      pid = workshop.pids[0] ?? 0;
    });
    const waiting = workshop.make(picture(), recipes, () => process.kill(pid, 'SIGKILL'));
    await expect(waiting).rejects.toThrow(/was ended by SIGKILL/);
    await workshop.make(picture(), alone, () => {});
    expect(workshop.pids[0]).not.toBe(pid);
  });

  it('hands on what reading the picture throws', async () => {
    const gone = picture(async () => {
      throw new Error('gone');
    });
    await expect(makers().make(gone, recipes, () => {})).rejects.toThrow('gone');
  });

  it('leaves no process behind', async () => {
    const workshop = makers(2);
    await Promise.all([1, 2, 3].map(() => workshop.make(picture(), recipes.slice(0, 2), () => {})));
    const { pids } = workshop;
    expect(pids).toHaveLength(2);
    await workshop.close();
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
  });
});
