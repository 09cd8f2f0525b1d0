import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { clipClassifier } from '../../src/video/clip-classifier.ts';
import { framesOf } from '../../src/video/frames.ts';
import { double } from '../cascade/doubles.ts';

const CLIP = Buffer.concat([Buffer.from('....ftypisom'), Buffer.alloc(64)]);

/** Stands in for the program ffmpeg: a script with its own idea of what to do with the arguments. */
function program(script: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'sv72-ffmpeg-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'ffmpeg');
  writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return file;
}

/** Writes so many frames where the last argument says. */
const writes = (count: number) =>
  `for last; do :; done; i=1; while [ $i -le ${count} ]; do printf frame$i > "$(printf "$last" $i)"; i=$((i+1)); done`;

test('key frames, thinned evenly', async () => {
  const frames = await framesOf(CLIP, { frames: 3, ffmpeg: program(writes(9)) });
  expect(frames.map(String)).toEqual(['frame1', 'frame5', 'frame9']);
});

test('where there are few key frames, frames at even times', async () => {
  const ffmpeg = program(`case "$*" in *nokey*) ${writes(1)};; *fps=2*) ${writes(6)};; esac`);
  expect(await framesOf(CLIP, { ffmpeg })).toHaveLength(6);
});

test('an older ffmpeg is told in its own words', async () => {
  const ffmpeg = program(
    `case "$*" in *fps_mode*) echo "Unrecognized option 'fps_mode'." >&2; exit 1;; esac; ${writes(5)}`,
  );
  expect(await framesOf(CLIP, { ffmpeg })).toHaveLength(5);
});

test.each([
  ['is told by ffmpeg', 'echo "moov atom not found" >&2; exit 1', 'moov atom not found'],
  ['has no pictures', 'exit 0', 'it has no pictures'],
  ['takes too long', 'exec sleep 60', 'it takes too long'],
])('a clip that %s', async (_, script, why) => {
  await expect(framesOf(CLIP, { ffmpeg: program(script), withinMs: 300 })).rejects.toMatchObject({
    code: 'ERR_VIDEO_READ',
    message: `The clip cannot be read: ${why}.`,
  });
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith('sv72-clip-'))).toEqual([]);
});

test('without ffmpeg it says what is missing', async () => {
  await expect(framesOf(CLIP, { ffmpeg: '/nowhere/ffmpeg' })).rejects.toMatchObject({
    code: 'ERR_FFMPEG_MISSING',
  });
});

test('a clip is answered by its frames, a picture as it is, and nothing waits beyond the deadline', async () => {
  const base = double((image) => ({ kind: 'answers', p: String(image) === 'frame1' ? 0.1 : 0.9 }), 0);
  const classifier = clipClassifier(base, { prior: 0.5, frames: 3, ffmpeg: program(writes(3)) });
  const answer = await classifier.predict(CLIP);
  expect(answer.probability).toBeCloseTo(0.9, 5);
  expect(answer).toMatchObject({ source: 'model', format: null });
  expect(base.deadlines).toHaveLength(3);
  expect((await classifier.predict(Buffer.from('frame1'))).probability).toBe(0.1);

  const slow = clipClassifier(base, { prior: 0.25, ffmpeg: program('exec sleep 60') });
  const late = await slow.predict(CLIP, { deadline: performance.now() + 400 });
  expect(late).toMatchObject({ source: 'prior', reason: 'undecodable', probability: 0.25 });
});

test('more clips than may be read at once are answered with the prior', async () => {
  const base = double({ kind: 'answers', p: 0.9 }, 0);
  const classifier = clipClassifier(base, {
    prior: 0.5,
    concurrency: 1,
    ffmpeg: program(`sleep 0.3; ${writes(1)}`),
  });
  const answers = await Promise.all([classifier.predict(CLIP), classifier.predict(CLIP)]);
  expect(answers.map(({ reason }) => reason)).toEqual([undefined, 'overloaded']);
});
