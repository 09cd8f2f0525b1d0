import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import type { Dataset, Split } from '../../data/index.ts';
import { Sv72Error } from '../../errors/index.ts';
import { createRandom, type Label, loadImageFolder, type Point } from '../../simulate/index.ts';

/** A labelled picture to evaluate on. */
export interface Picture {
  /** Of the file, lower-case hex. */
  readonly sha256: string;
  /** For people: the path inside the folder or dataset. */
  readonly name: string;
  readonly label: Label;
  /** Pictures of one group (a place, a drive) are no independent evidence. */
  readonly group: string;
  /** Id of the dataset's source; null in a plain folder. */
  readonly source: string | null;
  /** Slices such as `weather:rain`. */
  readonly tags: readonly string[];
  /** Where the objects are, the most important first, pixels. */
  readonly objects: readonly Point[];
  /** The file's bytes. */
  read(): Promise<Uint8Array>;
}

/**
 * The pictures of a plain folder, labels from its sub-folders. A picture that lies in it twice counts once.
 *
 * @throws Sv72Error ERR_FILE_READ, ERR_IMAGE_FOLDER, ERR_LABELS_CONFLICT when it lies in both classes
 */
export async function picturesOfFolder(root: string): Promise<Picture[]> {
  const pictures = new Map<string, Picture>();
  for (const { path, label } of await loadImageFolder(root)) {
    const sha256 = await hashOf(path);
    const name = relative(root, path);
    const twin = pictures.get(sha256);
    if (twin !== undefined && twin.label !== label) {
      throw new Sv72Error(
        'ERR_LABELS_CONFLICT',
        `${twin.name} and ${name} are the same picture with different labels.`,
        {
          details: { folder: root, files: [twin.name, name] },
        },
      );
    }
    if (twin !== undefined) continue;
    pictures.set(sha256, {
      sha256,
      name,
      label,
      group: sha256,
      source: null,
      tags: [],
      objects: [],
      read: () => readFile(path),
    });
  }
  return [...pictures.values()];
}

/**
 * The pictures of a part of a dataset.
 *
 * @throws Sv72Error ERR_DATASET_DAMAGED
 */
export async function picturesOfDataset(dataset: Dataset, split: Split): Promise<Picture[]> {
  const pictures: Picture[] = [];
  for await (const entry of dataset.entries({ split })) {
    const { sha256, path, label, group, source, tags, objects = [] } = entry;
    pictures.push({
      sha256,
      name: path,
      label,
      group,
      source,
      tags,
      objects: objects.map(([x, y]) => ({ x, y })),
      read: () => dataset.read({ path, sha256 }),
    });
  }
  return pictures;
}

/** At most `most` pictures, as equally from both classes as there are, drawn by the seed; the order is kept. */
export function drawPictures(pictures: readonly Picture[], most: number, seed: number): Picture[] {
  const rng = createRandom(seed, 'pictures');
  const turn = pictures.map((picture) => ({ picture, at: rng.next() })).sort((a, b) => a.at - b.at);
  const byLabel = ([0, 1] as const).map((label) => turn.filter(({ picture }) => picture.label === label));
  const [none = [], roadwork = []] = byLabel;
  const half = Math.floor(most / 2);
  const positives = Math.min(roadwork.length, Math.max(most - half, most - none.length));
  const chosen = new Set(
    [...roadwork.slice(0, positives), ...none.slice(0, most - positives)].map(({ picture }) => picture),
  );
  return pictures.filter((picture) => chosen.has(picture));
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk);
  } catch (cause) {
    throw new Sv72Error('ERR_FILE_READ', `The image ${path} could not be read.`, { cause });
  }
  return hash.digest('hex');
}
