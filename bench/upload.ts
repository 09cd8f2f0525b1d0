/**
 * Publishes a bundle with gigabytes of weights to a Hub on this machine and prints what the publishing process used:
 * its memory must not grow with the size of the files. The weights are zeros, so they take no disk.
 *
 *     node bench/upload.ts [--gigabytes 3]
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { BUNDLE_FORMAT, digestFile, MANIFEST_NAME } from '../src/bundle/index.ts';
import { keypairFromSeed, saveKeys } from '../src/wallet/index.ts';
import { FIELDS } from '../test/hub/place.ts';
import { startHubDouble, TOKEN } from '../test/support/hub/index.ts';

const { values: flags } = parseArgs({
  options: { gigabytes: { type: 'string', default: '3' }, hub: { type: 'boolean', default: false } },
});

/** As the real Hub cuts large files. */
const CHUNK_BYTES = 64 * 1024 * 1024;
const RUN = fileURLToPath(new URL('../bin/run.js', import.meta.url));

if (flags.hub) console.log((await startHubDouble({ chunkBytes: CHUNK_BYTES })).url);
else await bench(Number(flags.gigabytes) * 1e9);

interface Used {
  readonly seconds: number;
  readonly peakMb: number;
}

async function bench(bytes: number): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'sv72-bench-'));
  const hub = spawn(process.execPath, [fileURLToPath(import.meta.url), '--hub'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [url = ''] = await firstLine(hub);
    const root = join(home, '.bittensor', 'wallets');
    await saveKeys([
      { location: { root, wallet: 'w', hotkey: 'h' }, keypair: keypairFromSeed(randomBytes(32)) },
    ]);
    const env = { PATH: process.env.PATH, HOME: home, HF_ENDPOINT: url, HF_TOKEN: TOKEN };
    const rows: [string, Used][] = [];
    for (const [name, size] of [
      ['10 MB', 10_000_000],
      [`${bytes / 1e9} GB`, bytes],
    ] as const) {
      const dir = join(home, `bundle-${size}`);
      await sparseBundle(dir, size);
      const args = [
        'upload',
        dir,
        '--repo',
        `alice/weights-${size}`,
        '-w',
        'w',
        '-H',
        'h',
        '--yes',
        '--quiet',
      ];
      rows.push([`upload of ${name}, read back`, await measured(args, env)]);
      rows.push([`${name} again, nothing to send`, await measured(args, env)]);
    }
    for (const [name, { seconds, peakMb }] of rows) {
      console.log(
        `${name.padEnd(36)} ${seconds.toFixed(1).padStart(7)} s  ${peakMb.toFixed(0).padStart(6)} MB at most`,
      );
    }
    console.log(JSON.stringify(Object.fromEntries(rows)));
  } finally {
    hub.kill();
    await rm(home, { recursive: true, force: true });
  }
}

async function sparseBundle(dir: string, bytes: number): Promise<void> {
  await mkdir(dir);
  await writeFile(join(dir, 'model.onnx'), 'a small graph');
  const weights = await open(join(dir, 'model.onnx.data'), 'w');
  await weights.truncate(bytes);
  await weights.close();
  const files = [
    { path: 'model.onnx', role: 'model', precision: 'fp32', ...(await digestFile(join(dir, 'model.onnx'))) },
    { path: 'model.onnx.data', role: 'model-data', ...(await digestFile(join(dir, 'model.onnx.data'))) },
  ];
  await writeFile(join(dir, MANIFEST_NAME), JSON.stringify({ format: BUNDLE_FORMAT, ...FIELDS, files }));
}

/** Runs sv72 and watches the highest resident size that Linux noted for it. */
async function measured(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Used> {
  const begun = performance.now();
  const child = spawn(process.execPath, [RUN, ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  let peakMb = 0;
  const look = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      peakMb = Math.max(peakMb, Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1000);
    } catch {
      // It has ended.
    }
  }, 50);
  const status = await new Promise((resolve) => child.once('exit', resolve));
  clearInterval(look);
  if (status !== 0) throw new Error(`sv72 ${args.join(' ')} ended with ${String(status)}`);
  return { seconds: (performance.now() - begun) / 1000, peakMb };
}

async function firstLine(child: ChildProcess): Promise<string[]> {
  if (child.stdout === null) throw new Error('the Hub has no output');
  for await (const line of createInterface({ input: child.stdout })) return [line];
  throw new Error('the Hub did not start');
}
