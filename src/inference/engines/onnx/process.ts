/**
 * The engine process: untrusted image bytes and native code stay in here. It decodes with sharp, computes with ONNX
 * Runtime, answers over the IPC channel and ends with it. Started by host.ts, never imported.
 */
import { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { Sv72Error } from '../../../errors/index.ts';
import { discard } from '../../discard.ts';
import type { EngineBatch, EngineOutcome, Shown } from '../../engine.ts';
import { type PreparedImage, prepareImage } from '../../preprocess/prepare.ts';
import { type ShowBytes, showBytes } from '../../shown-bytes.ts';
import { firstLine } from './devices.ts';
import { FRAMES_FD, frameReader } from './frames.ts';
import { type EngineSpec, type FromProcess, isToProcess, type ProcessSpec } from './messages.ts';
import { type EngineSession, openSession } from './session.ts';
import type { EngineWork } from './work.ts';

const tell = (message: FromProcess): void => {
  process.send?.(message);
};

// A terminal's Ctrl-C and a service manager's stop reach the whole group; the parent still needs its last answers.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('disconnect', () => process.exit(0));

let work: EngineWork | undefined;

process.on('message', (message: unknown) => {
  if (!isToProcess(message)) return;
  if (message.type === 'stop') process.exit(0);
  if (message.type === 'start') void start(message);
});

const readFrames = frameReader(({ id, leftMs, images, whole }) => {
  void work?.run(images, leftMs).then((batch) => {
    discard(whole);
    tell({ type: 'done', id, batch });
    tellHealth();
  });
});
const pipe = new Socket({
  fd: FRAMES_FD,
  writable: false,
  onread: {
    buffer: Buffer.allocUnsafeSlow(64 * 1024),
    callback(length, buffer) {
      readFrames(buffer.subarray(0, length));
      return true;
    },
  },
});
// Its end is that of the channel, which is watched.
pipe.on('error', () => {});

async function start(spec: ProcessSpec): Promise<void> {
  try {
    const opened = await open(spec);
    work = opened;
    tellHealth();
    tell({ type: 'ready', report: { ...opened.report, startMs: performance.now() } });
    opened.watch?.(tellHealth);
  } catch (error) {
    const known =
      error instanceof Sv72Error
        ? error
        : new Sv72Error('ERR_ENGINE_START', `The engine could not start: ${firstLine(error)}.`);
    const { code, message, next, details } = known;
    tell({ type: 'failed', code, message, next, details });
  }
}

function tellHealth(): void {
  const health = work?.health?.();
  if (health !== undefined) tell({ type: 'health', health });
}

/** What is not needed is not loaded: ONNX Runtime, or the client of a server. */
async function open(start: ProcessSpec): Promise<EngineWork> {
  if (start.kind === 'chat') {
    const { openChatSession } = await import('../openai/session.ts');
    return openChatSession(start.spec);
  }
  const { spec } = start;
  const session = await openTensors(spec);
  const show = showBytes(spec.pixels);
  const opened: EngineWork = {
    ...session,
    run: (images, leftMs) => compute(images, leftMs, session, spec, show),
  };
  // Loads the decoder, too, before the first request needs it.
  await opened.run([{ bytes: Buffer.from(ONE_PIXEL, 'base64') }], FIRST_MS);
  return opened;
}

async function openTensors(spec: EngineSpec): Promise<EngineSession> {
  if (spec.server === undefined) return openSession(spec);
  const { openOipSession } = await import('../oip/session.ts');
  return openOipSession(spec, spec.server);
}

/** For the picture that is computed before anybody waits, ms. */
const FIRST_MS = 20_000;

/** A PNG of one grey pixel. */
const ONE_PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGOoAAAAggCBd81ytgAAAABJRU5ErkJggg==';

interface Prepared extends PreparedImage {
  readonly decodeMs: number;
}

async function compute(
  images: readonly Shown[],
  leftMs: number,
  session: EngineSession,
  spec: EngineSpec,
  show: ShowBytes,
): Promise<EngineBatch> {
  const begun = performance.now();
  const prepared = await Promise.all(images.map((shown) => prepare(shown, spec, show)));
  const usable = prepared.filter((p) => typeof p !== 'string');
  const from = performance.now();
  let probabilities: readonly number[] = [];
  let failure = 'the model gave no probability';
  try {
    probabilities = await session.infer(
      usable.map((p) => p.pixels),
      leftMs - (from - begun),
    );
  } catch (error) {
    failure = firstLine(error);
  }
  const inferMs = performance.now() - from;
  for (const { pixels } of usable) discard(pixels);
  let next = 0;
  const outcomes = prepared.map((p): EngineOutcome => {
    if (typeof p === 'string') return { ok: false, reason: 'undecodable', detail: p };
    const probability = probabilities[next++] ?? Number.NaN;
    if (Number.isNaN(probability)) return { ok: false, reason: 'engine-failed', detail: failure };
    const { width, height, format } = p.decoded;
    return { ok: true, probability, width, height, format, decodeMs: p.decodeMs };
  });
  return { outcomes, inferMs };
}

/** Bytes to pixels of the model's size, or why not. */
async function prepare(shown: Shown, spec: EngineSpec, show: ShowBytes): Promise<Prepared | string> {
  const from = performance.now();
  try {
    const bytes = await show(shown);
    const prepared = await prepareImage(bytes, spec.input, spec.pixels);
    return { ...prepared, decodeMs: performance.now() - from };
  } catch (error) {
    return firstLine(error);
  }
}
