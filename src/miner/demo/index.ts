import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Generation } from '../../simulate/index.ts';
import { type Keypair, keypairFromSeed, saveKeys } from '../../wallet/index.ts';
import type { ScoredAnswer, TargetSummary } from '../challenge/index.ts';
import { runChallenges } from '../challenge/index.ts';
import type { ListeningEvent } from '../events.ts';
import { type ServeProcess, startServe } from './serve-process.ts';

export interface DemoOptions {
  /** Path of bin/run.js. */
  readonly program: string;
  /** Images of each generation. */
  readonly count: number;
  readonly seed: number;
  /** Ends it early; everything is cleaned up all the same. */
  readonly signal?: AbortSignal;
  readonly onStep?: (step: DemoStep) => void;
  readonly temporaryRoot?: string;
}

/** What happens, for whoever watches. */
export type DemoStep =
  | { readonly kind: 'keys'; readonly folder: string; readonly miner: string; readonly validator: string }
  | { readonly kind: 'listening'; readonly listening: ListeningEvent }
  | { readonly kind: 'asking'; readonly generation: Generation }
  | { readonly kind: 'answer'; readonly answer: ScoredAnswer }
  | { readonly kind: 'cleaned'; readonly folder: string };

export interface DemoResult {
  readonly miner: string;
  readonly validator: string;
  readonly bundle: ListeningEvent['bundle'];
  readonly generations: {
    readonly generation: Generation;
    readonly summary: TargetSummary;
    readonly answers: ScoredAnswer[];
  }[];
}

const GENERATIONS = [1, 2, 3] as const;

/**
 * The whole way of a challenge, for real and on this machine alone: throwaway keys in a temporary folder, a miner in a
 * process of its own, signed challenges of all three generations over the network's loopback, scores. Nothing is left
 * behind.
 *
 * @throws ERR_SERVE_FAILED, and the signal's reason when it is aborted.
 */
export async function runDemo(options: DemoOptions): Promise<DemoResult> {
  const { signal, onStep } = options;
  const folder = await mkdtemp(join(options.temporaryRoot ?? tmpdir(), 'sv72-demo-'));
  let serving: ServeProcess | undefined;
  try {
    const keys = await throwawayKeys(folder);
    onStep?.({ kind: 'keys', folder, miner: keys.miner.ss58, validator: keys.validator.ss58 });
    serving = await startServe({
      program: options.program,
      cwd: folder,
      env: { PATH: process.env.PATH ?? '', HOME: folder },
      flags: serveFlags(folder),
    });
    signal?.throwIfAborted();
    const { listening } = serving;
    onStep?.({ kind: 'listening', listening });
    const generations = await untilAborted(askAll(options, listening, keys.validator), signal);
    return { miner: keys.miner.ss58, validator: keys.validator.ss58, bundle: listening.bundle, generations };
  } catch (error) {
    // Ctrl-C reaches the miner too, whose end is then no failure.
    signal?.throwIfAborted();
    throw error;
  } finally {
    await serving?.stop();
    await rm(folder, { recursive: true, force: true });
    onStep?.({ kind: 'cleaned', folder });
  }
}

async function throwawayKeys(folder: string): Promise<{ miner: Keypair; validator: Keypair }> {
  const root = join(folder, '.bittensor', 'wallets');
  const miner = keypairFromSeed(randomBytes(32));
  const validator = keypairFromSeed(randomBytes(32));
  await saveKeys([
    { location: { root, wallet: 'demo', hotkey: 'miner' }, keypair: miner },
    { location: { root, wallet: 'demo', hotkey: 'validator' }, keypair: validator },
  ]);
  await writeFile(join(folder, 'callers.txt'), `${validator.ss58} 50000 # the demonstration's validator\n`);
  return { miner, validator };
}

function serveFlags(folder: string): string[] {
  return [
    ...['--offline', '--wallet-name', 'demo', '--hotkey', 'miner', '--bundle', 'demo'],
    ...['--host', '127.0.0.1', '--port', '0', '--metrics-port', '0'],
    ...['--allow-file', join(folder, 'callers.txt')],
  ];
}

async function askAll(
  { count, seed, onStep, signal }: DemoOptions,
  listening: ListeningEvent,
  validator: Keypair,
): Promise<DemoResult['generations']> {
  const generations: DemoResult['generations'] = [];
  for (const generation of GENERATIONS) {
    signal?.throwIfAborted();
    onStep?.({ kind: 'asking', generation });
    const [report] = await runChallenges({
      targets: listening.axons.map(({ host, port, hotkey }) => ({ host, port, hotkey })),
      keypair: validator,
      images: { count, generation, seed: seed + generation * 1_000 },
      protocol: 'axon',
      timeoutMs: 9_000,
      concurrency: 1,
      onAnswer: (answer) => onStep?.({ kind: 'answer', answer }),
    });
    if (report === undefined) continue;
    generations.push({ generation, summary: report.summary, answers: report.answers });
  }
  return generations;
}

/** What is under way when the signal comes is left to end by itself: the miner is going away. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  work.catch(() => undefined);
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  return Promise.race([work, promise]).finally(() => signal.removeEventListener('abort', onAbort));
}
