import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createDendrite } from '../../src/dendrite/index.ts';
import type { ListeningEvent } from '../../src/miner/index.ts';
import { keypairFromSeed, saveKeys } from '../../src/wallet/index.ts';
import { percentile } from '../measure/percentile.ts';
import { treeUsage } from '../measure/process-tree.ts';
import { end } from '../peers/peer.ts';
import { makeJpeg, numberedJpeg } from '../requests/images.ts';

/** What a miner of so many hotkeys does with pictures that all of them are asked about. */
export interface HotkeyCost {
  readonly hotkeys: number;
  readonly pictures: number;
  /** Pictures that were computed. */
  readonly inferences: number;
  readonly residentMb: number;
  /** From the first question about a picture to the last answer. */
  readonly p50Ms: number;
}

const PROGRAM = fileURLToPath(new URL('../../bin/run.js', import.meta.url));

/** One hotkey, and three of them with two profiles, in one process each. */
export async function measureHotkeys(pictures: number): Promise<HotkeyCost[]> {
  const jpeg = await makeJpeg(14_000, 224, 224);
  const images = Array.from({ length: pictures }, (_, at) => numberedJpeg(jpeg, at));
  return [await measure(1, images), await measure(3, images)];
}

async function measure(hotkeys: number, images: readonly Uint8Array[]): Promise<HotkeyCost> {
  const home = mkdtempSync(join(tmpdir(), 'sv72-bench-'));
  const root = join(home, '.bittensor', 'wallets');
  const names = Array.from({ length: hotkeys }, (_, at) => `hk${at}`);
  await saveKeys(
    names.map((hotkey) => ({
      location: { root, wallet: 'w', hotkey },
      keypair: keypairFromSeed(randomBytes(32)),
    })),
  );
  const miners = names.map((hotkey, at) => ({ hotkey, profile: at === 1 ? 'accuracy' : 'speed' }));
  const config = join(home, '.config', 'sv72');
  mkdirSync(config, { recursive: true });
  const settings = { wallet: { name: 'w' }, axon: { host: '127.0.0.1', port: 0 }, miners };
  writeFileSync(join(config, 'sv72.yaml'), JSON.stringify(settings));
  const args = ['serve', '--all', '--offline', '--allow-any', '--json', '--metrics-port', '0'];
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    env: { PATH: process.env.PATH ?? '', HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const dendrite = createDendrite({ signer: keypairFromSeed(randomBytes(32)) });
  try {
    const listening = Promise.withResolvers<ListeningEvent>();
    child.once('exit', () => listening.reject(new Error('sv72 serve ended')));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const event = JSON.parse(line);
      if (event.event === 'listening') listening.resolve(event);
    });
    const { axons, metrics } = await listening.promise;
    const times: number[] = [];
    for (const image of images) {
      const from = performance.now();
      await Promise.all(
        axons.map(({ host, port, hotkey }) =>
          dendrite.challenge({ target: { host, port }, axonHotkey: hotkey, image }),
        ),
      );
      times.push(performance.now() - from);
    }
    const text = await (await fetch(`http://${metrics?.host}:${metrics?.port}/metrics`)).text();
    return {
      hotkeys,
      pictures: images.length,
      inferences: Number(/^sv72_engine_computed_total (\d+)/m.exec(text)?.[1]),
      residentMb: treeUsage(child.pid ?? 0).residentMb,
      p50Ms: percentile(times, 50) ?? 0,
    };
  } finally {
    dendrite.close();
    await end(child);
    rmSync(home, { recursive: true, force: true });
  }
}
