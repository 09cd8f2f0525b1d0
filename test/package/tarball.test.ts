import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'sv72-pack-'));
// What npm tells its scripts about this project must not reach the npm of another folder.
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
let packed: string[] = [];

beforeAll(async () => {
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: root,
    env,
  });
  const listing: unknown = JSON.parse(stdout.slice(stdout.search(/^[[{]/m)));
  const [first] = (Array.isArray(listing) ? listing : Object.values(listing as object)) as {
    filename: string;
    files: { path: string }[];
  }[];
  if (!first) throw new Error('npm pack listed nothing');
  packed = first.files.map((file) => file.path);
  await run('npm', ['init', '-y'], { cwd: folder, env });
  // The libraries for GPUs come from a host that may be out of reach; the package works without.
  // A connection to the registry that stands still is given up and tried again, long before the hook's own end.
  const patience = ['--fetch-timeout=20000', '--fetch-retries=6', '--fetch-retry-mintimeout=1000'];
  const options = ['--no-audit', '--no-fund', '--prefer-offline', ...patience];
  await run('npm', ['install', ...options, join(folder, first.filename)], {
    cwd: folder,
    env: { ...env, ONNXRUNTIME_NODE_INSTALL: 'skip' },
  });
}, 300_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the published package', () => {
  it('holds what runs and what it needs, and nothing of the workshop', () => {
    for (const name of [
      'bin/run.js',
      'dist/src/ui/main.js',
      'oclif.manifest.json',
      'sv72.schema.json',
      'LICENSE',
      'README.md',
    ]) {
      expect(packed).toContain(name);
    }
    expect(packed.filter((name) => /^(test|bench|scripts|src|commands|\.ci)\//.test(name))).toEqual([]);
    expect(packed).toContain('models/demo/sv72.json');
  });

  it('installs into an empty folder and runs', async () => {
    expect(readdirSync(folder)).toContain('node_modules');
    const version = await run('npx', ['sv72', '--version'], { cwd: folder, env });
    expect(version.stdout).toContain(`sv72/${manifest.version}`);
    const help = await run('npx', ['sv72', '--help'], { cwd: folder, env });
    expect(help.stdout).toContain('wallet');
    const bundle = await run(
      'npx',
      ['sv72', 'bundle', 'verify', join(folder, 'node_modules/sv72/models/demo'), '--json'],
      {
        cwd: folder,
        env,
      },
    );
    expect(JSON.parse(bundle.stdout)).toBeTypeOf('object');
  });
});
