import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Gate, loadBundle, reviseBundle } from '../../src/bundle/index.ts';
import { answersOf } from '../../src/evaluate/index.ts';
import type { Gpu } from '../../src/jobs/index.ts';
import { engineSource, writeRepository } from '../../src/serving/index.ts';
import { type EngineRecord, type Wanted, whyStale } from '../../src/variants/engine/cache.ts';
import { engineId, timingsId } from '../../src/variants/engine/key.ts';
import {
  type EngineOptions,
  findEngine,
  listEngines,
  prepareEngine,
  rebuildCommand,
  servingCommands,
  wantedEngine,
} from '../../src/variants/index.ts';
import { gateViews, pictureSource } from '../../src/variants/pictures.ts';
import { brightBundle, brightDataset, jobResult, temporaryFolder } from './stage.ts';

const gpu: Gpu = {
  index: 0,
  name: 'NVIDIA L4',
  driver: '580.95.05',
  memoryBytes: 24e9,
  freeBytes: 23e9,
  capability: 8.9,
};
const conditions = { generations: [2], levels: [0], seed: 0 } as const;

async function stage(change: Partial<EngineOptions> = {}): Promise<EngineOptions> {
  const folder = await temporaryFolder();
  const { dir } = await brightBundle(folder);
  return {
    bundleDir: dir,
    precision: 'fp32',
    profile: { least: 1, best: 4, most: 16 },
    image: 'nvcr.io/nvidia/tritonserver:26.09-py3',
    gpu,
    data: await brightDataset(folder, 20),
    pictures: 10,
    limit: 0.002,
    conditions,
    workspaceMib: 4096,
    cacheDir: join(folder, 'engines'),
    scratch: folder,
    ...change,
  };
}

/** What a build would leave: an engine, and answers that are those of the model, changed. */
async function leave(options: EngineOptions, work: string, change: (p: number) => number): Promise<void> {
  const source = await pictureSource(options.data);
  const wanted = gateViews(source.gate, options.pictures, conditions);
  const answers = new Map<string, number>();
  for await (const { view, p } of answersOf(await loadBundle(options.bundleDir), wanted))
    answers.set(view.key, p);
  await writeFile(
    join(work, 'answers.json'),
    JSON.stringify(wanted.map(({ key }) => change(answers.get(key) ?? 0))),
  );
  await writeFile(join(work, 'model.plan'), 'an engine');
}

const built = {
  tensorrt: '11.4.0',
  bytes: 9,
  sha256: 'e'.repeat(64),
  layers: { half: 0, full: 4, other: 1 },
  latencyMs: 0.4,
  answers: 12,
};

describe('an engine', () => {
  test('that decides alike goes into the cache of this machine, under its key, and not into the bundle', async () => {
    const options = await stage();
    const before = await readdir(options.bundleDir, { recursive: true });
    const building = await prepareEngine(options);
    await leave(options, building.spec.mounts[0]?.host ?? '', (p) => p);
    const { record, engine } = await building.finish(jobResult('done', built));
    await building.close();
    expect(record.gate).toMatchObject({ passed: true, flips: 0, device: 'tensorrt' });
    expect(engine?.folder).toBe(join(options.cacheDir, engineId(record.key)));
    expect(record.key).toMatchObject({ gpu: 'NVIDIA L4', capability: '8.9', tensorrt: '11.4.0' });
    expect(await readdir(options.bundleDir, { recursive: true })).toEqual(before);
    const engines = await listEngines(options.cacheDir);
    const bundle = await loadBundle(options.bundleDir);
    expect(findEngine(engines, wantedEngine(bundle, options), 'rebuild').record).toEqual(record);

    const repository = join(options.cacheDir, 'triton');
    if (engine === null) throw new Error('there is no engine');
    await writeRepository(repository, engineSource(engine, bundle.manifest));
    expect(await readFile(join(repository, 'roadwork', '1', 'model.plan'), 'utf8')).toBe('an engine');
    expect(await readFile(join(repository, 'roadwork', 'config.pbtxt'), 'utf8')).toContain(
      'input [{ name: "image" data_type: TYPE_UINT8 dims: [8, 8, 3] }]',
    );

    // One that lost its end is none.
    await writeFile(engine.plan, 'an eng');
    expect(await listEngines(options.cacheDir)).toEqual([]);

    // Another graph: the engine is stale, and the command that builds it is said.
    await writeFile(join(options.cacheDir, 'other.onnx'), 'another graph');
    const changed = await reviseBundle({
      dir: options.bundleDir,
      add: [
        {
          path: 'other.onnx',
          role: 'model',
          precision: 'fp32',
          copyFrom: join(options.cacheDir, 'other.onnx'),
        },
      ],
      change: (manifest, added) => ({ ...manifest, files: [...added] }),
    });
    expect(() => findEngine(engines, wantedEngine(changed, options), 'sv72 export-trt x')).toThrow(
      expect.objectContaining({
        code: 'ERR_ENGINE_STALE',
        message: 'The TensorRT engine of mean-uint8 (fp32) is stale: the graph has changed since.',
        next: 'Run `sv72 export-trt x`.',
      }),
    );
  });

  test('that decides differently is not kept', async () => {
    const options = await stage();
    const building = await prepareEngine(options);
    await leave(options, building.spec.mounts[0]?.host ?? '', (p) => 1 - p);
    const { record, engine } = await building.finish(jobResult('done', built));
    await building.close();
    expect(record.gate.passed).toBe(false);
    expect(engine).toBeNull();
    expect(await listEngines(options.cacheDir)).toEqual([]);
  });
});

describe('refused before anything is built', () => {
  test('without a GPU, but a dry run has its specification', async () => {
    const options = await stage({ gpu: undefined });
    await expect(prepareEngine(options)).rejects.toMatchObject({
      code: 'ERR_JOB_NO_GPU',
      next: expect.stringContaining('--dry-run'),
    });
    const building = await prepareEngine({ ...options, dryRun: true });
    expect(building.spec.needs).toMatchObject({ gpu: true, vramBytes: 2 * 2 ** 30 });
    await building.close();
  });

  test('half precision that nobody made in the graph', async () => {
    const options = await stage({ precision: 'fp16' });
    await expect(prepareEngine(options)).rejects.toMatchObject({
      code: 'ERR_ENGINE_GRAPH',
      next: expect.stringContaining('--to fp16'),
    });
  });

  test('what the build says', async () => {
    const building = await prepareEngine(await stage());
    const said = jobResult('failed', {
      error: { code: 'precision', message: 'only 1 of 9 layers are of half precision' },
    });
    await expect(building.finish(said)).rejects.toMatchObject({
      code: 'ERR_ENGINE_BUILD',
      message: 'The engine could not be built: only 1 of 9 layers are of half precision.',
    });
    await building.close();
  });
});

describe('commands', () => {
  const choice = {
    bundleDir: './my model',
    precision: 'fp16',
    profile: { least: 1, best: 4, most: 16 },
    image: 'nvcr.io/nvidia/tritonserver:26.09-py3',
    gpu,
  } as const;

  test('the one that builds it again asks for the same', () => {
    expect(rebuildCommand(choice)).toBe("sv72 export-trt './my model' --data DATASET");
    const other = {
      ...choice,
      precision: 'fp32',
      profile: { least: 1, best: 8, most: 32 },
      image: 'registry.local/triton:1',
      gpu: { ...gpu, index: 1 },
    } as const;
    expect(rebuildCommand(other)).toBe(
      "sv72 export-trt './my model' --data DATASET --precision fp32 --batches 1,8,32 --image registry.local/triton:1 --gpus 1",
    );
  });

  test('a server with the engine on loopback, and a miner that asks it', () => {
    const [server, miner] = servingCommands(choice, '/models of/triton', 'roadwork');
    expect(server).toContain('--gpus device=0 --shm-size 256m --publish 127.0.0.1:8000:8000');
    expect(server).toContain("--volume '/models of/triton:/models:ro' nvcr.io/nvidia/tritonserver:26.09-py3");
    expect(miner).toBe(
      "sv72 serve --bundle './my model' --engine oip --server-url http://127.0.0.1:8000 --server-model roadwork",
    );
  });

  test('what TensorRT measured on one GPU or with one image is not used with another', () => {
    const ids = [timingsId('a', gpu), timingsId('b', gpu), timingsId('a', { name: 'NVIDIA L40S' })];
    expect(new Set(ids).size).toBe(3);
  });
});

describe('stale', () => {
  const key = {
    graph: 'a'.repeat(64),
    gpu: 'NVIDIA L4',
    capability: '8.9',
    tensorrt: '11.4.0',
    profile: { least: 1, best: 4, most: 16 },
  };
  const gate = { passed: true } as Gate;
  const record = { key, image: 'image:1', gate } as EngineRecord;
  const wanted: Wanted = {
    model: { name: 'm', version: '1.0.0', variant: 'fp16' },
    graph: key.graph,
    gpu: key.gpu,
    capability: key.capability,
    image: 'image:1',
    profile: key.profile,
  };

  test.each<[Partial<Wanted>, string[]]>([
    [{}, []],
    [{ graph: 'b'.repeat(64) }, ['the graph has changed since']],
    [{ gpu: 'NVIDIA H200' }, ['it was built on NVIDIA L4, here is NVIDIA H200']],
    [{ capability: '9.0' }, ['it was built for compute capability 8.9, here it is 9.0']],
    [{ image: 'image:2' }, ['it was built in image:1 (TensorRT 11.4.0)']],
    [{ profile: { least: 1, best: 4, most: 32 } }, ['it takes batches of 1 to 16, best 4']],
    [{ profile: null }, []],
  ])('%o', (change, reasons) => {
    expect(whyStale(record, { ...wanted, ...change })).toEqual(reasons);
  });

  test.each<[Partial<typeof key>]>([
    [{ graph: 'b'.repeat(64) }],
    [{ gpu: 'NVIDIA L40S' }],
    [{ capability: '9.0' }],
    [{ tensorrt: '11.4.1' }],
    [{ profile: { least: 1, best: 8, most: 16 } }],
  ])('a key with %o is another key', (change) => {
    expect(engineId({ ...key, ...change })).not.toBe(engineId(key));
  });

  test('an engine that cannot be read is none', async () => {
    const cache = await temporaryFolder();
    await mkdir(join(cache, 'half'));
    await writeFile(join(cache, 'half', 'engine.json'), '{');
    expect(await listEngines(cache)).toEqual([]);
    expect(() => findEngine([], wanted, 'sv72 export-trt x')).toThrow(
      expect.objectContaining({ code: 'ERR_ENGINE_NONE' }),
    );
  });
});
