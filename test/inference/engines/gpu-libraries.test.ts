import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { installGpuLibraries } from '../../../src/inference/index.ts';

/** A package laid out as onnxruntime-node, with an installation of our own. */
async function standIn(script: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sv72-gpu-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const root = join(folder, 'node_modules', 'runtime');
  for (const part of ['dist', 'script', 'bin/napi-v6/linux/x64'])
    await mkdir(join(root, part), { recursive: true });
  await writeFile(join(root, 'package.json'), '{"name":"runtime","main":"dist/index.js"}');
  await writeFile(join(root, 'dist', 'index.js'), '');
  await writeFile(join(root, 'script', 'install.js'), script);
  return join(folder, 'from.js');
}

const here = { runtime: 'runtime', platform: 'linux/x64' };
const place = (names: string) =>
  `for (const n of ${names}) require('fs').writeFileSync(__dirname + '/../bin/napi-v6/linux/x64/libonnxruntime_providers_' + n + '.so', '');`;

test('runs the installation of the package, told to install although npm said skip', async () => {
  const from = await standIn(
    `if (process.env.ONNXRUNTIME_NODE_INSTALL !== 'true') process.exit(7); ${place("['shared', 'cuda', 'tensorrt']")}`,
  );
  const result = await installGpuLibraries({
    ...here,
    from,
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' },
  });
  expect(result.files).toEqual([
    'libonnxruntime_providers_shared.so',
    'libonnxruntime_providers_cuda.so',
    'libonnxruntime_providers_tensorrt.so',
  ]);
});

test('the reason of a failure is told', async () => {
  const from = await standIn(`console.error('Downloading'); throw new Error('getaddrinfo ENOTFOUND');`);
  await expect(installGpuLibraries({ ...here, from })).rejects.toMatchObject({
    code: 'ERR_GPU_LIBRARIES',
    message: expect.stringContaining('getaddrinfo ENOTFOUND'),
  });
});

test('an installation that brought only part is a failure', async () => {
  const from = await standIn(place("['shared', 'cuda']"));
  await expect(installGpuLibraries({ ...here, from })).rejects.toMatchObject({
    code: 'ERR_GPU_LIBRARIES',
    message: expect.stringContaining('libonnxruntime_providers_tensorrt.so is not there'),
  });
});

test('other machines have none; without the package there is nothing to complete', async () => {
  await expect(installGpuLibraries({ platform: 'darwin/arm64' })).rejects.toMatchObject({
    code: 'ERR_DEVICE_UNAVAILABLE',
  });
  await expect(installGpuLibraries({ ...here, runtime: 'absent-runtime' })).rejects.toMatchObject({
    code: 'ERR_ENGINE_MISSING',
  });
});
