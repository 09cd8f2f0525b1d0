import { stat } from 'node:fs/promises';
import { loadBundle } from '../bundle/index.ts';
import { Sv72Error } from '../errors/index.ts';
import { clipProbability, framesOf } from '../video/index.ts';
import type { Note } from './events.ts';
import { openClassifier } from './models.ts';
import type { ProfilePlan } from './profile-plan.ts';

export interface ClipFilesOptions {
  readonly plan: ProfilePlan;
  readonly files: readonly string[];
  readonly note: Note;
  readonly signal?: AbortSignal;
}

/** What a profile says of a clip. */
export interface ClipAnswer {
  readonly file: string;
  /** Of road works, in [0, 1]. */
  readonly probability: number;
  /** Of each frame that was looked at, in their order; null: the model could not answer it. */
  readonly frames: readonly (number | null)[];
  readonly readMs: number;
  readonly answerMs: number;
}

/** A model may take this long for a frame of a file, ms: nobody waits for it with a clock. */
const PATIENCE_MS = 60_000;

/**
 * Shows the frames of each clip to the models of a profile, one clip after the other.
 *
 * @throws Sv72Error ERR_VIDEO_READ, ERR_FFMPEG_MISSING, ERR_INTERRUPTED, and those of `openClassifier`
 */
export async function* answerClipFiles(options: ClipFilesOptions): AsyncGenerator<ClipAnswer> {
  const { plan, files, note, signal } = options;
  for (const file of files) {
    const found = await stat(file).catch(() => undefined);
    if (!found?.isFile()) throw new Sv72Error('ERR_VIDEO_READ', `There is no file ${file}.`);
  }
  const [first] = plan.stages;
  const bundle =
    first === undefined || first.profile.engine === 'openai' ? undefined : await loadBundle(first.bundleDir);
  const { stages, cascade } = plan;
  const profile = { ...plan.profile, modality: 'image' } as const;
  const classifier = await openClassifier(
    { stages, cascade, profile, network: 'offline', mayServeDemo: true },
    bundle,
    note,
  );
  try {
    for (const file of files) {
      const started = performance.now();
      const frames = await framesOf(file, { frames: profile.clip_frames, ...(signal && { signal }) });
      const read = performance.now();
      const answers = await Promise.all(
        frames.map((frame) => classifier.predict(frame, { deadline: read + PATIENCE_MS })),
      );
      const said = answers.map(({ source, probability }) => (source === 'prior' ? null : probability));
      const known = said.filter((p) => p !== null);
      if (known.length === 0) {
        const why = answers[0]?.detail ?? 'no frame was answered';
        throw new Sv72Error('ERR_VIDEO_READ', `No frame of ${file} could be answered: ${why}.`);
      }
      yield {
        file,
        probability: clipProbability(known),
        frames: said,
        readMs: read - started,
        answerMs: performance.now() - read,
      };
    }
  } finally {
    await classifier.close();
  }
}
