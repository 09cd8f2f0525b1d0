import { readFile } from 'node:fs/promises';
import { challengeImage, createRandom, drawScene, loadImageFolder } from '../simulate/index.ts';

/** A labelled picture as an order carries it. */
export interface SentProbe {
  readonly image: string;
  readonly label: 0 | 1;
}

/** Of the drawn ones: as wide as pictures are that validators reduce to 224. */
const WIDTH = 640;
/** Seeds that neither training nor tests of the demonstration model use. */
const FIRST_SEED = 4_200_000_000;

/** Drawn scenes as a validator sends them. They tell something only of models that know such scenes. */
export async function drawnProbes(count: number): Promise<SentProbe[]> {
  const probes: SentProbe[] = [];
  for (let i = 0; i < count; i += 1) {
    const seed = FIRST_SEED + i;
    const scene = await drawScene(seed, { width: WIDTH });
    const { image, maskPoints, label } = scene;
    const { jpeg } = await challengeImage({
      image,
      maskPoints,
      generation: 2,
      level: 0,
      rng: createRandom(seed, 'probe'),
    });
    probes.push({ image: Buffer.from(jpeg).toString('base64'), label });
  }
  return probes;
}

/**
 * The pictures of a folder with sub-folders roadwork and none, as they are, evenly of both.
 *
 * @throws ERR_FILE_READ, ERR_IMAGE_FOLDER
 */
export async function probesOfFolder(folder: string, count: number): Promise<SentProbe[]> {
  const images = await loadImageFolder(folder);
  const chosen = ([1, 0] as const).flatMap((label) =>
    images.filter((image) => image.label === label).slice(0, Math.ceil(count / 2)),
  );
  return await Promise.all(
    chosen.map(async ({ path, label }) => ({ image: (await readFile(path)).toString('base64'), label })),
  );
}
