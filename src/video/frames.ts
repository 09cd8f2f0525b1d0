import { spawn } from 'node:child_process';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Sv72Error } from '../errors/index.ts';
import { scratchFolder } from '../scratch/index.ts';
import { spread } from './aggregate.ts';

export interface FrameOptions {
  /** Most frames. Default 8. */
  readonly frames?: number;
  /** Longest time, ms. Default 60000. */
  readonly withinMs?: number;
  readonly signal?: AbortSignal;
  /** Program to run. Default `ffmpeg`. */
  readonly ffmpeg?: string;
}

/** With fewer key frames than this, frames are taken at even times. */
const FEW = 4;
/** Frames that are written at most before they are thinned. */
const MOST = 64;
/** What lies behind this in a clip is not looked at, s. */
const LONGEST_S = 120;

/**
 * Frames of a clip as JPEG, evenly over its time: its key frames, or two a second where it has few of them.
 *
 * @param clip the file's path, or its bytes
 * @throws Sv72Error ERR_FFMPEG_MISSING, ERR_VIDEO_READ, ERR_INTERRUPTED
 */
export async function framesOf(clip: string | Uint8Array, options: FrameOptions = {}): Promise<Buffer[]> {
  const { frames = 8, withinMs = 60_000 } = options;
  const until = performance.now() + withinMs;
  const folder = await scratchFolder('sv72-clip-');
  try {
    const file = typeof clip === 'string' ? clip : join(folder, 'clip');
    if (typeof clip !== 'string') await writeFile(file, clip, { mode: 0o600 });
    const extract = async (name: string, before: readonly string[], filter: string) => {
      const out = ['-an', '-sn', '-dn', '-vf', `${filter}scale='min(1920,iw)':-2`, '-frames:v', String(MOST)];
      const target = ['-q:v', '2', '-f', 'image2', '-c:v', 'mjpeg', join(folder, `${name}-%03d.jpg`)];
      await run([...before, '-t', String(LONGEST_S), '-i', file, ...out], target, until, options);
      return (await readdir(folder)).filter((found) => found.startsWith(`${name}-`)).sort();
    };
    let names = await extract('key', ['-skip_frame', 'nokey'], '');
    if (names.length < FEW) {
      const timed = await extract('time', [], 'fps=2,');
      if (timed.length > names.length) names = timed;
    }
    if (names.length === 0) throw unreadable('it has no pictures');
    return await Promise.all(spread(names, frames).map((name) => readFile(join(folder, name))));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @throws Sv72Error ERR_FFMPEG_MISSING */
export async function demandFfmpeg(ffmpeg = 'ffmpeg'): Promise<void> {
  await start(ffmpeg, ['-version'], performance.now() + 10_000, undefined);
}

/** Frames as they come, neither doubled nor left out; older versions know the option by another name. */
const PASS = [
  ['-fps_mode', 'passthrough'],
  ['-vsync', 'passthrough'],
] as const;

async function run(
  input: readonly string[],
  target: readonly string[],
  until: number,
  { ffmpeg = 'ffmpeg', signal }: FrameOptions,
): Promise<void> {
  // What strangers sent may name other files and addresses; only the clip itself is read.
  const fixed = [
    '-nostdin',
    '-hide_banner',
    '-loglevel',
    'error',
    '-y',
    '-threads',
    '1',
    '-protocol_whitelist',
    'file',
  ];
  let last = '';
  for (const pass of PASS) {
    last = await start(ffmpeg, [...fixed, ...input, ...pass, ...target], until, signal);
    if (!/fps_mode/.test(last)) break;
  }
  if (last !== '') throw unreadable(last);
}

/** @returns what it says is wrong; empty where it ended well */
async function start(
  ffmpeg: string,
  args: readonly string[],
  until: number,
  signal: AbortSignal | undefined,
): Promise<string> {
  const child = spawn(ffmpeg, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const time = AbortSignal.timeout(Math.max(1, Math.ceil(until - performance.now())));
  const end = AbortSignal.any([time, ...(signal ? [signal] : [])]);
  const kill = () => void child.kill('SIGKILL');
  end.addEventListener('abort', kill, { once: true });
  if (end.aborted) kill();
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (said.length < 2_000) said += text;
  });
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject).once('close', resolve);
    });
    if (signal?.aborted) throw new Sv72Error('ERR_INTERRUPTED', 'Interrupted while a clip was read.');
    if (time.aborted) return 'it takes too long';
    if (code === 0) return '';
    return (
      said
        .trim()
        .split('\n')
        .at(-1)
        ?.replaceAll(/[^\x20-\x7e]/g, '')
        .slice(0, 200) || 'ffmpeg failed'
    );
  } catch (error) {
    if (error instanceof Sv72Error) throw error;
    throw new Sv72Error(
      'ERR_FFMPEG_MISSING',
      `The program ${ffmpeg}, which reads clips, cannot be started.`,
      {
        cause: error,
      },
    );
  } finally {
    end.removeEventListener('abort', kill);
  }
}

function unreadable(why: string): Sv72Error {
  return new Sv72Error('ERR_VIDEO_READ', `The clip cannot be read: ${why}.`);
}
