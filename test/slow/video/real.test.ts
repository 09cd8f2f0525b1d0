import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { framesOf } from '../../../src/video/index.ts';
import { ask, box, serveWith } from '../../e2e/box.ts';
import { expectSchema } from '../../support/schema.ts';

const has = spawnSync('ffmpeg', ['-version']).status === 0;
if (!has) console.warn('Clips are not tested: the program ffmpeg is not installed (apt-get install ffmpeg).');

/** Three seconds of black, then three of white, with a key frame each second. */
function clip(folder: string, name: string, codec: readonly string[]): string {
  const file = join(folder, name);
  const colour = (c: string) => ['-f', 'lavfi', '-t', '3', '-i', `color=c=${c}:s=320x240:r=10`];
  const join2 = ['-filter_complex', '[0:v][1:v]concat=n=2:v=1[v]', '-map', '[v]'];
  execFileSync('ffmpeg', [
    '-loglevel',
    'error',
    ...colour('black'),
    ...colour('white'),
    ...join2,
    ...codec,
    file,
  ]);
  return file;
}

const MP4 = ['-c:v', 'mpeg4', '-g', '10'];

test.runIf(has)('real clips: frames in their order, whatever the format', async () => {
  const { sandbox } = await box();
  const files = [
    clip(sandbox.home, 'a.mp4', MP4),
    clip(sandbox.home, 'b.avi', MP4),
    clip(sandbox.home, 'c.mkv', MP4),
    clip(sandbox.home, 'few.mp4', ['-c:v', 'mpeg4', '-g', '1000', '-sc_threshold', '1000000000']),
  ];
  for (const file of files) {
    const frames = await framesOf(readFileSync(file), { frames: 6 });
    expect(frames.length, file).toBeGreaterThanOrEqual(5);
    for (const frame of frames) expect(frame.subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
  }
});

test.runIf(has)('sv72 video and serve --profile video say the same of a clip', async () => {
  const given = await box();
  const { sandbox, bundle } = given;
  const file = clip(sandbox.home, 'drive.mp4', MP4);
  const done = await sandbox.json(['video', file, '--profile', 'video', '--bundle', bundle]);
  expect(done.stderr).toBe('');
  expectSchema('video', done.json);
  // The test model answers the brightness: half of the frames are black, half white, and the brightest third decides.
  const [{ probability, frames }] = (done.json as { clips: [{ probability: number; frames: number[] }] })
    .clips;
  expect(frames[0]).toBeLessThan(0.1);
  expect(frames.at(-1)).toBeGreaterThan(0.9);
  expect(probability).toBeGreaterThan(0.9);

  const serving = await serveWith(given, ['--offline', '--allow-any', '--profile', 'video']);
  expect(serving.listening.warnings.join()).toContain('send no clips');
  const answer = await ask(given, serving, readFileSync(file), { protocol: 'btauth' });
  expect(answer.prediction).toBeCloseTo(probability, 3);
  expect(await serving.next('challenge')).toMatchObject({
    source: 'model',
    image: { width: 320, height: 240 },
  });
  const junk = await ask(given, serving, Buffer.concat([readFileSync(file).subarray(0, 300)]), {
    protocol: 'btauth',
  });
  expect(junk.prediction).toBe(0.5);
  expect(await serving.next('challenge')).toMatchObject({ source: 'prior', reason: 'undecodable' });

  const wrong = join(sandbox.home, 'wrong.mp4');
  writeFileSync(wrong, 'no clip');
  const refused = await sandbox.json(['video', wrong, '--bundle', bundle]);
  expect(refused.json).toMatchObject({ error: { code: 'ERR_VIDEO_READ' } });
});
