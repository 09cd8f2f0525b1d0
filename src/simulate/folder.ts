import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { Sv72Error } from '../errors/index.ts';
import type { Label, RgbImage } from './image.ts';
import { decodeImage } from './jpeg.ts';

/** An image file whose sub-folder says what it shows. */
export interface LabelledImage {
  readonly path: string;
  readonly label: Label;
}

const LABELS: Readonly<Record<string, Label>> = {
  '0': 0,
  no: 0,
  none: 0,
  negative: 0,
  no_roadwork: 0,
  'no-roadwork': 0,
  '1': 1,
  roadwork: 1,
  yes: 1,
  positive: 1,
};

/** The class that a word such as `roadwork`, `none`, `yes` or `0` stands for, in any letter case. */
export function labelOfName(name: string): Label | undefined {
  return LABELS[name.toLowerCase()];
}

const EXTENSIONS = new Set(['.jpg', '.jpeg', '.png', '.webp', '.gif', '.tif', '.tiff', '.avif']);

/**
 * Lists the images of a folder with one sub-folder per class: `roadwork` (or `1`, `yes`, `positive`) and `none` (or `0`,
 * `no`, `negative`, `no_roadwork`), in any letter case, with folders inside them as deep as they go. Sorted by path.
 *
 * @param labelOf reads the folders' names in another way
 * @throws Sv72Error ERR_FILE_READ, ERR_IMAGE_FOLDER
 */
export async function loadImageFolder(
  root: string,
  labelOf: (folder: string) => Label | undefined = labelOfName,
): Promise<LabelledImage[]> {
  const images: LabelledImage[] = [];
  try {
    for (const entry of await readdir(root, { withFileTypes: true })) {
      const label = labelOf(entry.name);
      if (label === undefined || entry.isFile()) continue;
      for (const name of await readdir(join(root, entry.name), { recursive: true })) {
        if (EXTENSIONS.has(extname(name).toLowerCase()))
          images.push({ path: join(root, entry.name, name), label });
      }
    }
  } catch (cause) {
    throw new Sv72Error('ERR_FILE_READ', `The image folder ${root} could not be read.`, { cause });
  }
  if (images.length === 0) {
    throw new Sv72Error('ERR_IMAGE_FOLDER', `${root} holds no images in folders named roadwork and none.`, {
      details: { folder: root },
    });
  }
  return images.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** @throws Sv72Error ERR_FILE_READ, ERR_IMAGE_READ */
export async function readImage(path: string): Promise<RgbImage> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new Sv72Error('ERR_FILE_READ', `The image ${path} could not be read.`, { cause });
  }
  return decodeImage(bytes, path);
}
