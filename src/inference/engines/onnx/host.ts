import { type ChildProcess, fork } from 'node:child_process';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { Sv72Error } from '../../../errors/index.ts';
import type { Engine, EngineBatch, EngineLoss, EngineReport, Shown, StartEngine } from '../../engine.ts';
import type { ServerHealth } from '../server/health.ts';
import { FRAMES_FD, writeFrame } from './frames.ts';
import {
  type ChatSpec,
  type EngineSpec,
  type FromProcess,
  isFromProcess,
  type ProcessSpec,
  type ToProcess,
} from './messages.ts';

/** Variables an engine may see: none of them secret. A wallet's password in the environment stays out of it. */
const PASSED_ON =
  /^(PATH|HOME|TMPDIR|TEMP|TMP|LANG|LC_.*|TZ|LD_LIBRARY_PATH|SYSTEMROOT|CUDA_.*|NVIDIA_.*|CUDNN_.*|ORT_.*)$/i;
/** How long a process that was asked to stop may take before it is killed, ms. */
const STOP_MS = 2000;
const STDERR_TAIL = 4096;

interface StartOptions {
  /** Until it is ready, ms. */
  readonly startMs: number;
  readonly env?: NodeJS.ProcessEnv;
  /** Runs before each start: the place to check that the model file still is the one that was verified. */
  readonly check?: () => Promise<void>;
}

export interface OnnxEngineOptions extends StartOptions {
  readonly spec: Omit<EngineSpec, 'runtime' | 'like'>;
  /** The module to load as ONNX Runtime. */
  readonly runtime?: string;
}

/** The embedded engine: ONNX Runtime and the decoder in a process of their own, killed when they do not answer. */
export function onnxEngine(options: OnnxEngineOptions): StartEngine {
  const runtime = options.runtime ?? 'onnxruntime-node';
  return startProcess(options, (like) => ({
    kind: 'tensors',
    spec: { ...options.spec, runtime, ...(like && { like }) },
  }));
}

export interface ChatEngineOptions extends StartOptions {
  readonly spec: Omit<ChatSpec, 'like'>;
}

/** A chat model on a server: its client and the decoder, in a process of their own as well. */
export function chatEngine(options: ChatEngineOptions): StartEngine {
  return startProcess(options, (like) => ({
    kind: 'chat',
    spec: { ...options.spec, ...(like && { like }) },
  }));
}

function startProcess(
  options: StartOptions,
  specLike: (like: EngineReport | undefined) => ProcessSpec,
): StartEngine {
  return async ({ like, signal }) => {
    await options.check?.();
    signal?.throwIfAborted();
    const child = fork(processFile(), [], {
      serialization: 'advanced',
      // Images live outside the heap, which holds little; left to itself it takes tens of megabytes.
      execArgv: [
        '--max-semi-space-size=1',
        '--max-old-space-size=64',
        '--optimize-for-size',
        '--v8-pool-size=1',
      ],
      env: environment(options.env ?? process.env),
      stdio: ['ignore', 'ignore', 'pipe', 'ipc', 'pipe'],
    });
    return new EngineProcess(child).start(specLike(like), options.startMs, signal);
  };
}

function processFile(): string {
  const ending = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  return fileURLToPath(new URL(`process${ending}`, import.meta.url));
}

function environment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const passed = Object.entries(env).filter(([name]) => PASSED_ON.test(name));
  // glibc keeps what decoding freed, in an arena for each thread. Two arenas are enough for the few threads here, and
  // buffers of whole images shall go back to the system at once.
  const glibc = {
    MALLOC_ARENA_MAX: '2',
    MALLOC_MMAP_THRESHOLD_: '1048576',
    MALLOC_TRIM_THRESHOLD_: '1048576',
  };
  return { ...Object.fromEntries(passed), ...glibc };
}

interface Pending {
  readonly resolve: (batch: EngineBatch) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

class EngineProcess implements Engine {
  readonly gone: Promise<EngineLoss>;
  onHealth: Engine['onHealth'] = () => {};
  readonly #child: ChildProcess;
  readonly #frames: Writable;
  readonly #pending = new Map<number, Pending>();
  #report: EngineReport | undefined;
  #health: ServerHealth | undefined;
  #stderr = '';
  #next = 1;
  /** Why we ended it, if we did. */
  #ours: EngineLoss | undefined;
  #onStart: ((message: FromProcess) => void) | undefined;

  constructor(child: ChildProcess) {
    this.#child = child;
    const frames = child.stdio[FRAMES_FD];
    if (!(frames instanceof Writable)) throw new Error('the engine process has no pipe for images');
    this.#frames = frames;
    // A failure shows as the end of the process.
    frames.on('error', () => {});
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_TAIL);
    });
    child.on('message', (message: unknown) => {
      if (isFromProcess(message)) this.#receive(message);
    });
    this.gone = new Promise((resolve) => {
      const end = (how: string) => {
        const loss = this.#ours ?? { reason: how, hung: false };
        for (const { reject, timer } of this.#pending.values()) {
          clearTimeout(timer);
          reject(new Error(loss.reason));
        }
        this.#pending.clear();
        resolve(loss);
      };
      child.on('error', (error) => end(`it could not be started (${error.message})`));
      child.on('exit', (code, signal) =>
        end(signal ? `it was ended by ${signal}` : `it ended with exit code ${code}`),
      );
    });
    // A process whose channel is closed cannot answer any more.
    child.on('disconnect', () => child.kill('SIGKILL'));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get report(): EngineReport {
    if (!this.#report) throw new Error('the engine is not ready');
    return this.#report;
  }

  async start(spec: ProcessSpec, startMs: number, signal: AbortSignal | undefined): Promise<Engine> {
    const abort = () => this.#kill({ reason: 'the start was aborted', hung: false });
    signal?.addEventListener('abort', abort, { once: true });
    const timer = setTimeout(
      () => this.#kill({ reason: `it was not ready within ${startMs} ms`, hung: true }),
      startMs,
    );
    try {
      const ready = new Promise<FromProcess>((resolve) => {
        this.#onStart = resolve;
      });
      this.#send({ type: 'start', ...spec });
      const first = await Promise.race([ready, this.gone]);
      if ('reason' in first) throw this.#startError(first.reason);
      if (first.type === 'failed') {
        const { code, message, next, details } = first;
        await this.close();
        throw new Sv72Error(code, message, { next, details });
      }
      if (first.type === 'ready') this.#report = first.report;
      return this;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    }
  }

  health(): ServerHealth | undefined {
    return this.#health;
  }

  run(images: readonly Shown[], timeoutMs: number, leftMs: number): Promise<EngineBatch> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        // If it was this process that stood still, the answer is waiting in the channel: look there first.
        setImmediate(() => {
          if (!this.#pending.has(id)) return;
          this.#kill({ reason: `it gave no answer within ${Math.round(timeoutMs)} ms`, hung: true });
        });
      }, timeoutMs);
      this.#pending.set(id, { resolve, reject, timer });
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
        this.#pending.delete(id);
        clearTimeout(timer);
        reject(new Error('it is gone'));
        return;
      }
      writeFrame(this.#frames, id, leftMs, images);
    });
  }

  async close(): Promise<void> {
    this.#ours ??= { reason: 'it was stopped', hung: false };
    if (this.#child.connected) this.#send({ type: 'stop' });
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_MS);
    await this.gone;
    clearTimeout(timer);
  }

  #receive(message: FromProcess): void {
    if (message.type === 'health') {
      this.#health = message.health;
      this.onHealth(message.health);
      return;
    }
    if (message.type !== 'done') {
      this.#onStart?.(message);
      return;
    }
    const pending = this.#pending.get(message.id);
    if (!pending) return;
    this.#pending.delete(message.id);
    clearTimeout(pending.timer);
    pending.resolve(message.batch);
  }

  #send(message: ToProcess): void {
    // A failure shows as the end of the process; the callback keeps it from being thrown as well.
    this.#child.send(message, () => {});
  }

  #kill(loss: EngineLoss): void {
    this.#ours ??= loss;
    this.#child.kill('SIGKILL');
  }

  #startError(reason: string): Sv72Error {
    const said = this.#stderr.trim().split('\n').at(-1)?.slice(0, 300);
    return new Sv72Error('ERR_ENGINE_START', `The engine process did not get ready: ${reason}.`, {
      details: said ? { said } : {},
    });
  }
}
