import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import sharp from 'sharp';
import { writeBundle } from '../../../src/bundle/index.ts';
import type { ListeningEvent, MinerEvent } from '../../../src/miner/index.ts';
import { type Keypair, keypairFromSeed, saveKeys } from '../../../src/wallet/index.ts';
import { manifestFor } from '../../inference/models.ts';
import { Sandbox } from '../../support/cli.ts';

/** A `sv72 serve` process whose answer is the mean brightness of the image. */
export interface ServedMiner {
  readonly sandbox: Sandbox;
  readonly hotkey: Keypair;
  readonly port: number;
  stop(): void;
}

/** 0x + 64 hex, the same pair over and over. */
export const seedOf = (pair: string): string => `0x${pair.repeat(32)}`;

export function keypairOf(seed: string): Keypair {
  return keypairFromSeed(Buffer.from(seed.slice(2), 'hex'));
}

/** Starts the built CLI with a list of allowed callers, on a free port of all addresses. */
export async function startMiner(allow: readonly string[]): Promise<ServedMiner> {
  const sandbox = new Sandbox();
  const hotkey = keypairOf(seedOf('22'));
  const root = join(sandbox.home, '.bittensor/wallets');
  await saveKeys([{ location: { root, wallet: 'w', hotkey: 'hk' }, keypair: hotkey }]);
  const bundle = join(sandbox.home, 'bundle');
  const model = join(import.meta.dirname, '../../fixtures/models/mean-uint8.onnx');
  await writeBundle({
    dir: bundle,
    manifest: { ...manifestFor('mean-uint8'), demo: false },
    files: [{ path: 'model.onnx', role: 'model', precision: 'fp32', content: { copyFrom: model } }],
  });
  const callers = join(sandbox.home, 'callers.txt');
  writeFileSync(callers, `${allow.join('\n')}\n`);
  const args = ['serve', '--offline', '--json', '--port', '0', '--metrics-port', '0', '--bundle', bundle];
  const child = sandbox.start([...args, '--wallet-name', 'w', '--hotkey', 'hk', '--allow-file', callers]);
  const listening = Promise.withResolvers<ListeningEvent>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const event: MinerEvent = JSON.parse(line);
    if (event.event === 'listening') listening.resolve(event);
  });
  let complaint = '';
  child.stderr.on('data', (text) => {
    complaint += text;
  });
  child.once('exit', () => listening.reject(new Error(`serve ended: ${complaint}`)));
  const [axon] = (await listening.promise).axons;
  if (axon === undefined) throw new Error('the miner has no axon');
  return {
    sandbox,
    hotkey,
    port: axon.port,
    stop() {
      child.kill('SIGKILL');
      sandbox.remove();
    },
  };
}

/** A JPEG of one grey. */
export async function greyJpeg(level: number, width: number, height: number): Promise<Uint8Array> {
  const background = { r: level, g: level, b: level };
  return await sharp({ create: { width, height, channels: 3, background } })
    .jpeg()
    .toBuffer();
}

/** A JPEG of noise around one grey, so that it is as large as a photograph of that size. */
export async function noisyJpeg(level: number, width: number, height: number): Promise<Uint8Array> {
  const noise = { type: 'gaussian', mean: level, sigma: 20 } as const;
  const background = { r: level, g: level, b: level };
  return await sharp({ create: { width, height, channels: 3, background, noise } })
    .jpeg({ quality: 85 })
    .toBuffer();
}
