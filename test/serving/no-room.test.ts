import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { loadSettings } from '../../src/config/index.ts';
import { upServers, wantedModels } from '../../src/serving/index.ts';

const home = mkdtempSync(join(tmpdir(), 'sv72-no-room-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

function program(name: string, text: string): void {
  writeFileSync(join(home, name), `#!/bin/sh\n${text}\n`);
  chmodSync(join(home, name), 0o755);
}

async function up() {
  const env = { PATH: [home, process.env.PATH ?? ''].join(delimiter), HOME: home };
  const places = {
    surroundings: { env, home, cwd: home },
    packageRoot: join(import.meta.dirname, '..', '..'),
  };
  const server = { url: 'http://127.0.0.9:47212/v1', container: { weights: 'OpenGVLab/InternVL3_5-14B-HF' } };
  const config = join(home, 'sv72.yaml');
  writeFileSync(config, JSON.stringify({ profiles: { accuracy: { engine: 'openai', server } } }));
  const { settings } = await loadSettings({ config, at: places.surroundings });
  const models = wantedModels('accuracy', settings.profiles.accuracy, places);
  return await upServers(models, { ...places, runtime: 'podman', person: { uid: 1, gid: 1 } });
}

it('nothing starts, or is fetched, where the GPU is missing or too small', async () => {
  program(
    'podman',
    'case "$1" in info) echo \'{"host":{},"store":{}}\' ;; container) exit 1 ;; *) echo called >> "$HOME/calls"; exit 1 ;; esac',
  );
  program('nvidia-smi', 'exit 9');
  await expect(up()).rejects.toMatchObject({ code: 'ERR_SERVING_GPU' });
  program('nvidia-smi', 'echo "0, NVIDIA L4, 580.95.05, 23034, 22563, 8.9"');
  await expect(up()).rejects.toMatchObject({
    code: 'ERR_SERVING_VRAM',
    message: expect.stringContaining('has 22.0 GiB free'),
    next: expect.stringContaining('FP8, AWQ or 4-bit'),
  });
  expect(() => rmSync(join(home, 'calls'))).toThrow('ENOENT');
});
