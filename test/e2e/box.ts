import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import sharp from 'sharp';
import { expect, onTestFinished } from 'vitest';
import { writeBundle } from '../../src/bundle/index.ts';
import { type ChallengeResult, createDendrite, type Question } from '../../src/dendrite/index.ts';
import type { ListeningEvent, MinerEvent } from '../../src/miner/index.ts';
import { type Keypair, keypairFromSeed, saveKeys } from '../../src/wallet/index.ts';
import { manifestFor } from '../inference/models.ts';
import { finished, Sandbox } from '../support/cli.ts';
import { expectSchema } from '../support/schema.ts';

const MODELS = join(import.meta.dirname, '..', 'fixtures', 'models');

/** A home with a wallet, hotkeys and a model whose answer is the mean brightness of the image. */
export interface Box {
  readonly sandbox: Sandbox;
  readonly bundle: string;
  /** The miner's hotkeys, named hk0, hk1, … */
  readonly hotkeys: readonly Keypair[];
  /** A hotkey to ask with, named asker in the same wallet. */
  readonly asker: Keypair;
}

export async function box(
  options: { hotkeys?: number; keys?: readonly Keypair[]; demo?: boolean } = {},
): Promise<Box> {
  const sandbox = new Sandbox();
  onTestFinished(() => sandbox.remove());
  const root = join(sandbox.home, '.bittensor', 'wallets');
  const hotkeys =
    options.keys ?? Array.from({ length: options.hotkeys ?? 1 }, () => keypairFromSeed(randomBytes(32)));
  const asker = keypairFromSeed(randomBytes(32));
  const named = [
    ...hotkeys.map((keypair, i) => ({ hotkey: `hk${i}`, keypair })),
    { hotkey: 'asker', keypair: asker },
  ];
  await saveKeys(named.map(({ hotkey, keypair }) => ({ location: { root, wallet: 'w', hotkey }, keypair })));
  const bundle = join(sandbox.home, 'bundle');
  await writeBundle({
    dir: bundle,
    manifest: { ...manifestFor('mean-uint8'), demo: options.demo ?? false },
    files: [
      {
        path: 'model.onnx',
        role: 'model',
        precision: 'fp32',
        content: { copyFrom: join(MODELS, 'mean-uint8.onnx') },
      },
    ],
  });
  return { sandbox, bundle, hotkeys, asker };
}

/** A running `sv72 serve --json`. */
export interface Serving {
  readonly child: ChildProcessWithoutNullStreams;
  readonly listening: ListeningEvent;
  /** Waits for the next event that fits. */
  next<E extends MinerEvent['event']>(
    event: E,
    fits?: (event: Extract<MinerEvent, { event: E }>) => boolean,
  ): Promise<Extract<MinerEvent, { event: E }>>;
  readonly exit: Promise<{ exit: number | null; signal: NodeJS.Signals | null; stderr: string }>;
}

/** Arguments of a miner on free ports; `change` replaces the value of a flag or adds it. */
export function serveArgs({ bundle, hotkeys }: Box, change: Readonly<Record<string, string>> = {}): string[] {
  const names = hotkeys.map((_, i) => `hk${i}`).join(',');
  const flags = { 'wallet-name': 'w', hotkey: names, bundle, host: '127.0.0.1', port: '0', ...change };
  return ['serve', ...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value])];
}

/** Starts a miner that anybody on this machine may ask, and waits until it listens. Every line is checked. */
export async function serve(given: Box, extra: readonly string[] = []): Promise<Serving> {
  return await serveWith(given, ['--offline', '--allow-any', ...extra]);
}

/** Starts a miner with these flags, and waits until it listens. Every line is checked. */
export async function serveWith(given: Box, extra: readonly string[]): Promise<Serving> {
  return await serving(given, [...serveArgs(given), ...extra]);
}

/** Starts all miners of the box's sv72.yaml, and waits until those listen that can. Every line is checked. */
export async function serveAll(given: Box): Promise<Serving> {
  return await serving(given, ['serve', '--all', '--offline', '--allow-any']);
}

async function serving({ sandbox }: Box, args: readonly string[]): Promise<Serving> {
  const child = sandbox.start([...args, '--metrics-port', '0', '--json']);
  onTestFinished(() => void child.kill('SIGKILL'));
  let first = true;
  const seen: MinerEvent[] = [];
  const waiting = new Set<(event: MinerEvent) => void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const event: MinerEvent = JSON.parse(line);
    expectSchema('serve', event);
    if (first) expect(event.event).toBe('listening');
    first = false;
    seen.push(event);
    for (const wake of waiting) wake(event);
  });
  const exit = finished(child);

  const next: Serving['next'] = (kind, fits = () => true) => {
    type Wanted = Extract<MinerEvent, { event: typeof kind }>;
    const isWanted = (event: MinerEvent): event is Wanted => event.event === kind && fits(event as Wanted);
    const known = seen.findIndex(isWanted);
    if (known !== -1) return Promise.resolve(seen.splice(known, 1)[0] as Wanted);
    return new Promise<Wanted>((resolve, reject) => {
      const wake = (event: MinerEvent) => {
        if (!isWanted(event)) return;
        waiting.delete(wake);
        seen.splice(seen.indexOf(event), 1);
        resolve(event);
      };
      waiting.add(wake);
      void exit.then(({ stderr }) => reject(new Error(`serve ended before ${kind}: ${stderr}`)));
    });
  };
  const listening = await next('listening');
  return { child, listening, next, exit };
}

/** A JPEG of one grey: the test model answers its brightness. `size` pixels square. */
export async function grey(level: number, size = 224): Promise<Uint8Array> {
  const background = { r: level, g: level, b: level };
  return sharp({ create: { width: size, height: size, channels: 3, background } })
    .jpeg()
    .toBuffer();
}

/** Asks as a validator does, signed by the box's asker. */
export async function ask(
  given: Box,
  serving: Serving,
  image: Uint8Array,
  question: Partial<Question> = {},
): Promise<ChallengeResult> {
  return await askAs(given.asker, serving, image, question);
}

/** As `ask`, signed by anybody. */
export async function askAs(
  signer: Keypair,
  serving: Serving,
  image: Uint8Array,
  question: Partial<Question> = {},
): Promise<ChallengeResult> {
  const dendrite = createDendrite({ signer });
  const [axon] = serving.listening.axons;
  if (axon === undefined) throw new Error('the miner has no axon');
  const target = { host: axon.host, port: axon.port };
  try {
    return await dendrite.challenge({ target, axonHotkey: axon.hotkey, image, ...question });
  } finally {
    dendrite.close();
  }
}

/** A figure of the miner's metrics; the line is what stands before the value. */
export async function metric(serving: Serving, line: string): Promise<number | undefined> {
  const { host, port } = serving.listening.metrics ?? { host: '', port: 0 };
  const text = await (await fetch(`http://${host}:${port}/metrics`)).text();
  const found = text.split('\n').find((candidate) => candidate.startsWith(`${line} `));
  return found === undefined ? undefined : Number(found.slice(line.length + 1));
}

/** Asks again and again until the answer fits; the test's own time limit ends it otherwise. */
export async function until<T>(read: () => Promise<T>, fits: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await read();
    if (fits(value)) return value;
  }
}
