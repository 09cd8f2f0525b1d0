import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Sv72Error } from '../../errors/index.ts';
import { writeFailed } from '../disk.ts';

/** What a person says of a picture. */
export type Verdict = 'yes' | 'no' | 'skip';

/** What the models made of a picture that is to be reviewed. */
export interface Candidate {
  readonly sha256: string;
  readonly lowest: number;
  readonly highest: number;
  readonly mean: number;
  readonly answers: number;
  readonly models: readonly string[];
}

const lineSchema = z.strictObject({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  verdict: z.enum(['yes', 'no', 'skip', 'undo']),
  at: z.string(),
  lowest: z.number(),
  highest: z.number(),
  models: z.array(z.string()),
});

/** Answers of a review: written down one by one, with their pictures, before the next is shown. */
export interface Review {
  readonly dir: string;
  /** The last word on each picture that has one. */
  readonly verdicts: ReadonlyMap<
    string,
    { readonly verdict: Verdict; readonly disagreeing: boolean; readonly models: readonly string[] }
  >;
  /** Keeps the picture and the answer; both are on the disk when it resolves. */
  answer(candidate: Candidate, verdict: Verdict, picture: Uint8Array): Promise<void>;
  /** Takes the last answer of a picture back. */
  undo(candidate: Candidate): Promise<void>;
  picture(sha256: string): Promise<Uint8Array>;
  close(): Promise<void>;
}

/**
 * Opens the folder of a review, making it if need be.
 *
 * @throws Sv72Error ERR_FILE_WRITE, ERR_DISK_FULL
 */
export async function openReview(dir: string, now: () => Date = () => new Date()): Promise<Review> {
  const list = join(dir, 'answers.jsonl');
  const pictures = join(dir, 'pictures');
  let file: FileHandle;
  try {
    await mkdir(pictures, { recursive: true });
    file = await open(list, 'a+');
  } catch (error) {
    throw writeFailed(`review ${dir}`, error);
  }
  const verdicts = new Map<string, { verdict: Verdict; disagreeing: boolean; models: readonly string[] }>();
  const text = await readFile(list, 'utf8');
  for (const line of text.split('\n')) take(line);
  // A line that a crash cut off must not swallow the next one.
  if (text !== '' && !text.endsWith('\n')) await file.appendFile('\n');

  function take(line: string): void {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      return;
    }
    const parsed = lineSchema.safeParse(value);
    if (!parsed.success) return;
    const { sha256, verdict, lowest, highest, models } = parsed.data;
    verdicts.delete(sha256);
    if (verdict !== 'undo') {
      verdicts.set(sha256, { verdict, disagreeing: lowest <= 0.5 && highest > 0.5, models });
    }
  }

  async function note(
    { sha256, lowest, highest, models }: Candidate,
    verdict: Verdict | 'undo',
  ): Promise<void> {
    const line = JSON.stringify({ sha256, verdict, at: now().toISOString(), lowest, highest, models });
    try {
      await file.appendFile(`${line}\n`);
      await file.sync();
    } catch (error) {
      throw writeFailed(`review ${dir}`, error, dir);
    }
    take(line);
  }

  return {
    dir,
    verdicts,
    async answer(candidate, verdict, picture) {
      if (createHash('sha256').update(picture).digest('hex') !== candidate.sha256) {
        throw new Sv72Error('ERR_DATASET_DAMAGED', `The kept picture ${candidate.sha256} was changed.`);
      }
      if (verdict !== 'skip') {
        await writeFile(join(pictures, candidate.sha256), picture).catch((error: unknown) => {
          throw writeFailed(`review ${dir}`, error, dir);
        });
      }
      await note(candidate, verdict);
    },
    undo: (candidate) => note(candidate, 'undo'),
    picture: (sha256) => readFile(join(pictures, sha256)),
    close: () => file.close(),
  };
}
