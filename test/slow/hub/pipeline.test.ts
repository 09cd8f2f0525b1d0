import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { trainerPython } from '../../../scripts/demo/python.ts';
import type { NewBundleFile } from '../../../src/bundle/index.ts';
import { folderSource, verifyRelease } from '../../../src/hub/index.ts';
import {
  AT,
  bundleOf,
  FILES,
  hub,
  publish,
  REPO,
  releaseOf,
  SIGNER,
  temporaryFolder,
} from '../../hub/place.ts';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '..', '..', '..');
const TRAINER = join(ROOT, 'templates', 'train');
const CACHE = process.env.SV72_TRAINER_CACHE ?? join(ROOT, '.cache', 'demo');
const SCRIPT = join(import.meta.dirname, 'pipeline.py');
/** What the checkpoint's form is written for. */
const TRANSFORMERS = '5.23.0';

/** The trainer's packages and transformers over them, in an environment of its own. */
async function pythonWithTransformers(): Promise<string> {
  await mkdir(CACHE, { recursive: true });
  const base = await trainerPython(TRAINER, CACHE);
  const env = join(CACHE, `transformers-${TRANSFORMERS}`);
  const python = join(env, 'bin', 'python');
  if (existsSync(join(env, 'complete'))) return python;
  await rm(env, { recursive: true, force: true });
  await run(base, ['-m', 'venv', env]);
  const siteOf = async (interpreter: string) => {
    const asked = ['-c', 'import sysconfig; print(sysconfig.get_path("purelib"))'];
    return (await run(interpreter, asked)).stdout.trim();
  };
  await writeFile(join(await siteOf(python), 'trainer.pth'), await siteOf(base));
  await run(python, ['-m', 'pip', 'install', '-q', `transformers==${TRANSFORMERS}`]);
  await writeFile(join(env, 'complete'), '');
  return python;
}

/** The double’s storage answers as git-lfs does; Xet has servers of its own. */
const stranger = (url: string) => ({
  HF_ENDPOINT: url,
  HF_HUB_DISABLE_XET: '1',
  HF_HUB_DISABLE_TELEMETRY: '1',
});

test('what the Hub’s own Python client downloads is whole and signed', async () => {
  const python = await pythonWithTransformers();
  const folder = await temporaryFolder();
  const double = await hub();
  const bundle = await bundleOf();
  await publish(double, { release: await releaseOf(bundle) });
  const downloads = join(folder, 'downloads');
  const env = { PATH: process.env.PATH, HOME: folder, ...stranger(double.url) };
  await run(python, [SCRIPT, 'fetch', REPO.id, downloads], { cwd: folder, env });
  const verdict = await verifyRelease({ source: folderSource(downloads), hotkey: SIGNER.ss58, now: AT });
  expect(verdict).toMatchObject({ ok: true, unlisted: [] });
});

test('transformers’ pipeline loads what was published, by its name, and says what the trained model says', async () => {
  const python = await pythonWithTransformers();
  const folder = await temporaryFolder();
  const call = async (args: readonly string[], env: Record<string, string>): Promise<unknown> => {
    const options = { cwd: folder, env: { PATH: process.env.PATH, HOME: folder, ...env } };
    const { stdout } = await run(python, [SCRIPT, ...args], options);
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  };
  const expected = await call(['make', folder], { PYTHONPATH: TRAINER, PYTHONDONTWRITEBYTECODE: '1' });

  const checkpoint = await Promise.all(
    ['config.json', 'model.safetensors'].map(
      async (name): Promise<NewBundleFile> => ({
        path: `checkpoint/${name}`,
        role: 'other',
        content: await readFile(join(folder, 'checkpoint', name)),
      }),
    ),
  );
  const double = await hub();
  const bundle = await bundleOf({}, [...FILES.slice(0, 1), ...checkpoint]);
  await publish(double, { release: await releaseOf(bundle) });

  const answer = await call(['load', REPO.id, join(folder, 'street.png')], stranger(double.url));
  expect(answer).toHaveLength(2);
  expect(answer).toEqual(
    expect.arrayContaining([
      { label: 'Roadwork', score: expect.closeTo(Number(expected), 3) },
      { label: 'None', score: expect.closeTo(1 - Number(expected), 3) },
    ]),
  );
});
