import { writeWhole } from '../../config/index.ts';
import { Sv72Error } from '../../errors/index.ts';
import { decodeImage, encodeJpeg, letterbox } from '../../simulate/index.ts';
import type { Answer } from '../answers/answers.ts';
import type { Evaluated } from '../evaluate.ts';
import { viewJpeg } from '../views/make.ts';
import { type Illustration, reportHtml } from './html.ts';

/** Side of a picture in the report, pixels: sharp on screens with two dots a pixel. */
const SIDE = 448;

/**
 * Writes the report as one HTML file.
 *
 * @throws Sv72Error ERR_FILE_WRITE
 */
export async function writeReport(
  path: string,
  found: Evaluated,
  now: () => Date = () => new Date(),
): Promise<void> {
  const { evaluation, worst } = found;
  const illustrations: Illustration[] = [];
  for (const [index, { worst: answer }] of worst.entries()) {
    const about = evaluation.worst[index];
    if (about !== undefined) illustrations.push({ worst: about, jpeg: await pictureOf(answer) });
  }
  await writeWhole(path, reportHtml(evaluation, illustrations, now()));
}

/** What was said to each view, one JSON object a line. @throws Sv72Error ERR_FILE_WRITE */
export async function writeAnswers(path: string, { answers, others }: Evaluated): Promise<void> {
  const theirs = new Map(others.map((answer) => [answer.view.key, answer.p]));
  const lines = answers.map(({ view, p, failed }) => {
    const { picture, sha256, label, generation, level, key } = view;
    const other = theirs.get(key);
    return JSON.stringify({
      picture: picture.name,
      sha256,
      group: picture.group,
      label,
      generation,
      level,
      view: key,
      p,
      ...(other !== undefined && { other }),
      ...(failed !== null && { failed }),
    });
  });
  await writeWhole(path, lines.map((line) => `${line}\n`).join(''));
}

/** The view as it was sent; a large one is made smaller. */
async function pictureOf({ view }: Answer): Promise<Uint8Array | null> {
  try {
    const jpeg = await viewJpeg(view);
    const image = await decodeImage(jpeg);
    return Math.max(image.width, image.height) <= SIDE ? jpeg : await encodeJpeg(letterbox(image, SIDE));
  } catch (error) {
    if (error instanceof Sv72Error) return null;
    throw error;
  }
}
