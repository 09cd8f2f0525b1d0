import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { Sv72Error } from '../../errors/index.ts';
import { problemOf } from '../format.ts';
import type { LeftOut } from '../workshop.ts';
import type { NewPicture } from '../write.ts';
import { placeOf } from './place.ts';

/** Text of the largest annotation file that is read whole. */
const MAX_BYTES = 500e6;

/**
 * Classes of the CMU ROADWork dataset that make a street a work site. A class with a colon and more behind it counts
 * as the one before the colon.
 */
const WORKS_CLASSES = [
  'Cone',
  'Drum',
  'Tubular Marker',
  'Vertical Panel',
  'Barricade',
  'Barrier',
  'Fence',
  'Work Vehicle',
  'Work Equipment',
  'Worker',
  'Arrow Board',
  'Temporary Traffic Control Sign',
  'Temporary Traffic Control Message Board',
] as const;

/** The other two of its fifteen: where nothing but these is seen, nobody can say. */
const UNDECIDED_CLASSES = ['Police Officer', 'Police Vehicle'] as const;

/** Some writers put numbers here and the same numbers as text there. */
const id = z.union([z.number(), z.string()]).transform(String);

const fileSchema = z.looseObject({
  images: z.array(z.looseObject({ id, file_name: z.string().min(1), license: id.nullish() })),
  annotations: z.array(
    z.looseObject({
      image_id: id,
      category_id: id,
      bbox: z.array(z.number()).nullish(),
      area: z.number().nullish(),
    }),
  ),
  categories: z.array(z.looseObject({ id, name: z.string() })),
  licenses: z.array(z.looseObject({ id, name: z.string() })).nullish(),
});

export interface CocoOptions {
  /** Folder of the pictures. Default: the annotation file's, its `images`, or the `images` beside its folder. */
  readonly images?: string;
  /** Classes that make it road works, instead of those of ROADWork. */
  readonly positive?: readonly string[];
}

/**
 * Pictures of a COCO file of boxes or masks. A picture is labelled roadwork when one of its objects is of such a
 * class, and none when it has no object of these classes.
 *
 * @throws Sv72Error ERR_DATA_INPUT
 */
export async function cocoPictures(
  path: string,
  source: string,
  { images, positive }: CocoOptions,
): Promise<{ expected: number; pictures: () => Generator<NewPicture | LeftOut> }> {
  const { images: files, annotations, categories, licenses } = await readCoco(path);
  requireMeeting(path, files, annotations);
  const licences = new Map(licenses?.map(({ id: licence, name }) => [licence, name.trim()]));
  const works = wordSet(positive && positive.length > 0 ? positive : WORKS_CLASSES);
  const undecided = wordSet(positive && positive.length > 0 ? [] : UNDECIDED_CLASSES);
  const kinds = new Map<string, 'works' | 'undecided'>();
  for (const { id: category, name } of categories) {
    if (isIn(works, name)) kinds.set(category, 'works');
    else if (isIn(undecided, name)) kinds.set(category, 'undecided');
  }
  if (![...kinds.values()].includes('works')) {
    throw new Sv72Error('ERR_DATA_INPUT', `None of the classes of ${path} stands for road works.`, {
      next: 'Name those that do with --positive.',
      details: { classes: categories.slice(0, 100).map(({ name }) => name) },
    });
  }
  const root = images ?? (await folderOf(path, files[0]?.file_name ?? ''));
  const objects = new Map<string, { x: number; y: number; area: number }[]>();
  const unclear = new Set<string>();
  for (const { image_id, category_id, bbox, area } of annotations) {
    const kind = kinds.get(category_id);
    if (kind === 'undecided') unclear.add(image_id);
    if (kind !== 'works') continue;
    const [x = 0, y = 0, width = 0, height = 0] = bbox ?? [];
    const boxed = bbox?.length === 4;
    const list = objects.get(image_id) ?? [];
    if (list.length === 0) objects.set(image_id, list);
    list.push({ x: x + width / 2, y: y + height / 2, area: boxed ? (area ?? width * height) : -1 });
  }

  return {
    expected: files.length,
    *pictures() {
      for (const file of files) {
        const origin = `${source}/${file.file_name}#${file.id}`;
        const licence = licences.get(file.license ?? '');
        const found = objects.get(file.id);
        if (found === undefined && unclear.has(file.id)) {
          yield { origin, reason: 'it shows police alone, which does not tell whether there are road works' };
          continue;
        }
        const group = placeOf(file) ?? sequenceOf(file.file_name);
        yield {
          origin,
          load: () => readFile(join(root, file.file_name)),
          label: found === undefined ? 0 : 1,
          source,
          ...(licence && { licence }),
          ...(group !== undefined && { group }),
          ...(found !== undefined && {
            objects: found
              .filter(({ area }) => area >= 0)
              .sort((a, b) => b.area - a.area)
              .map(({ x, y }) => [x, y] as const),
          }),
        };
      }
    },
  };
}

/** Objects of which none is in a picture that is listed would make every picture a negative. */
function requireMeeting(
  path: string,
  files: readonly { readonly id: string }[],
  annotations: readonly { readonly image_id: string }[],
): void {
  const ids = new Set(files.map((file) => file.id));
  if (annotations.length === 0 || annotations.some(({ image_id }) => ids.has(image_id))) return;
  throw new Sv72Error('ERR_DATA_INPUT', `No object of ${path} is in one of the pictures that it lists.`, {
    details: { input: path },
  });
}

async function readCoco(path: string): Promise<z.infer<typeof fileSchema>> {
  const broken = (what: string, cause?: unknown) =>
    new Sv72Error('ERR_DATA_INPUT', `${path} ${what}.`, { details: { input: path }, cause });
  const { size } = await stat(path);
  if (size > MAX_BYTES) throw broken('is larger than 500 MB, more than is read as one JSON');
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw broken('is not JSON, or it is cut off', cause);
  }
  const result = fileSchema.safeParse(value);
  if (!result.success) throw broken(`is no COCO file: ${problemOf(result.error)}`);
  return result.data;
}

async function folderOf(path: string, name: string): Promise<string> {
  const here = dirname(path);
  for (const candidate of [here, join(here, 'images'), join(here, '..', 'images')]) {
    if ((await stat(join(candidate, name)).catch(() => undefined))?.isFile()) return candidate;
  }
  throw new Sv72Error('ERR_DATA_INPUT', `The picture ${name} of ${path} is not beside it.`, {
    next: 'Name the folder of the pictures with --images.',
    details: { input: path },
  });
}

/** ROADWork names its frames `pgh03_00012.jpg` or `boston_<sequence>_<video>_<frame>.jpg`: frames of one drive. */
function sequenceOf(file: string): string | undefined {
  const name = file.replace(/^.*\//, '').replace(/\.\w+$/, '');
  const match = /^(pgh\w*?|[a-z]+(?:_[a-z]+)*_[0-9a-f]+_[0-9a-f]+)_\d+$/i.exec(name);
  return match?.[1] === undefined ? undefined : `sequence:${match[1]}`;
}

function wordSet(names: readonly string[]): ReadonlySet<string> {
  return new Set(names.map(canonical));
}

function isIn(set: ReadonlySet<string>, name: string): boolean {
  return set.has(canonical(name)) || set.has(canonical(name.split(':')[0] ?? ''));
}

function canonical(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ');
}
