import { join, resolve } from 'node:path';
import { Args, Flags } from '@oclif/core';
import { loadBundle } from '../src/bundle/index.ts';
import { cacheFolder, ourSurroundings } from '../src/config/index.ts';
import { Sv72Error } from '../src/errors/index.ts';
import { type Gpu, listGpus } from '../src/jobs/index.ts';
import { JobCommand, type JobFlags, jobFlags } from '../src/jobs-ui/index.ts';
import { listenForSignals } from '../src/miner/index.ts';
import type { ResultOf } from '../src/results/index.ts';
import { engineSource, writeRepository } from '../src/serving/index.ts';
import { withEnv } from '../src/ui/index.ts';
import {
  asItEnded,
  type BuiltEngine,
  type CachedEngine,
  type EngineChoice,
  findEngine,
  listEngines,
  prepareEngine,
  renderEngine,
  SERVING_IMAGE,
  wantedEngine,
} from '../src/variants/index.ts';

export default class ExportTrt extends JobCommand {
  static override summary = 'Build a TensorRT engine of a model, in the image and on the GPU that serve it.';
  static override description =
    'Engines run only on the kind of GPU and with the TensorRT they were built with, so they are kept in the cache of this machine and never in the bundle. ' +
    'Half precision is made in the graph first (quantize --to fp16). An engine is used when its inspector shows the precision it should have and it decides as the model does, on the same augmented pictures. ' +
    '--check says whether the engine that is there fits, and exits with 1 and the command that builds it where it does not.';
  static override examples = [
    '<%= config.bin %> export-trt ./my-model --data ./roadwork',
    '<%= config.bin %> export-trt ./my-model --data ./roadwork --dry-run',
    '<%= config.bin %> export-trt ./my-model --check --repository ./triton-models',
  ];
  static override args = {
    bundle: Args.string({ description: 'folder of the model bundle', required: true }),
  };
  static override flags = {
    ...withEnv({
      data: Flags.directory({
        summary: 'dataset whose validation and test parts judge the engine',
        exactlyOne: ['data', 'check'],
        exists: true,
      }),
      check: Flags.boolean({ summary: 'only look whether there is an engine that fits' }),
      repository: Flags.string({ summary: 'put the engine into this model repository of Triton' }),
      precision: Flags.option({ summary: 'of the engine', options: ['fp16', 'fp32'] as const })({
        default: 'fp16',
      }),
      batches: Flags.custom<EngineChoice['profile']>({
        summary: 'least, best and most pictures at once',
        helpValue: '1,4,16',
        parse: async (text) => profileOf(text),
      })({ default: { least: 1, best: 4, most: 16 }, defaultHelp: async () => '1,4,16' }),
      workspace: Flags.integer({
        summary: 'memory that building may take on the GPU, MiB',
        default: 4_096,
        min: 16,
        max: 1_000_000,
      }),
      'max-flips': Flags.custom<number>({
        summary: 'per cent of decisions that may differ',
        parse: async (text) => percentOf(text),
        helpGroup: 'GATE',
      })({ default: 0.2 }),
      pictures: Flags.integer({
        summary: 'augmented pictures to decide on, at least (or all there are)',
        default: 2_000,
        min: 10,
        max: 1_000_000,
        helpGroup: 'GATE',
      }),
      seed: Flags.integer({
        summary: 'other pictures, crops and levels',
        default: 0,
        min: 0,
        helpGroup: 'GATE',
      }),
    }),
    ...jobFlags,
  };

  async run(): Promise<ResultOf<'export-trt'>> {
    const { args, flags } = await this.parse(ExportTrt);
    const options = this.jobOptions(flags);
    const choice: EngineChoice = {
      bundleDir: args.bundle,
      precision: flags.precision,
      profile: flags.batches,
      image: flags.image ?? SERVING_IMAGE,
      gpu: chosenGpu(await listGpus(options.env), flags.gpus),
    };
    const cacheDir = join(cacheFolder(ourSurroundings()), 'engines');
    if (flags.check) {
      const bundle = await loadBundle(args.bundle);
      const wanted = wantedEngine(bundle, choice);
      const rebuild = rebuildCommand(args.bundle, flags);
      return await this.report(
        choice,
        findEngine(await listEngines(cacheDir), wanted, rebuild),
        flags.repository,
      );
    }
    const stop = new AbortController();
    // Once: a second Ctrl-C ends the process.
    const listening = listenForSignals({
      onStop: () => {
        listening();
        stop.abort();
      },
    });
    let show: (text: string) => void = () => undefined;
    const watched = <T>(title: string, work: () => Promise<T>) =>
      this.progress(title, (status) => {
        show = status;
        return work();
      });
    try {
      const building = await watched('Preparing', () =>
        prepareEngine({
          ...choice,
          data: flags.data ?? '',
          pictures: flags.pictures,
          limit: flags['max-flips'] / 100,
          conditions: { generations: [1, 2, 3], levels: [0, 1, 2, 3], seed: flags.seed },
          workspaceMib: flags.workspace,
          cacheDir,
          memory: join(cacheFolder(ourSurroundings()), 'evaluate'),
          signal: stop.signal,
          dryRun: flags['dry-run'],
          onStage: (text) => show(text),
        }),
      );
      try {
        if (flags['dry-run']) return await this.planJob(building.spec, flags);
        const result = await this.runJob(building.spec, { ...flags, gpus: undefined }, asItEnded);
        const built = await watched('Comparing', () => building.finish(result));
        if (!built.record.gate.passed) process.exitCode = 1;
        return await this.report(choice, built.engine ?? built, flags.repository);
      } finally {
        await building.close();
      }
    } finally {
      listening();
    }
  }

  private async report(
    choice: EngineChoice,
    found: CachedEngine | BuiltEngine,
    repository: string | undefined,
  ): Promise<ResultOf<'export-trt'>> {
    const engine = 'plan' in found ? found : null;
    const { record } = found;
    for (const line of renderEngine(record, engine?.plan ?? null)) this.say(line);
    let placed: string | null = null;
    if (repository !== undefined && engine !== null) {
      const { manifest } = await loadBundle(choice.bundleDir);
      placed = await writeRepository(resolve(repository), engineSource(engine, manifest));
      this.say(`Triton     ${placed}`);
    }
    const { key, gate, latency, layers, image, bytes } = record;
    return {
      event: 'result',
      bundle: resolve(choice.bundleDir),
      passed: gate.passed,
      engine: engine?.plan ?? null,
      repository: placed,
      key,
      image,
      precision: record.precision,
      bytes,
      layers,
      gate,
      latency,
    };
  }
}

function chosenGpu(gpus: readonly Gpu[], wanted: JobFlags['gpus']): Gpu | undefined {
  const index = typeof wanted === 'object' ? wanted[0] : undefined;
  return index === undefined ? gpus[0] : gpus.find((gpu) => gpu.index === index);
}

function rebuildCommand(
  bundle: string,
  flags: { readonly precision: string; readonly image?: string | undefined },
): string {
  const more = [
    ...(flags.precision === 'fp16' ? [] : ['--precision', flags.precision]),
    ...(flags.image === undefined ? [] : ['--image', flags.image]),
  ];
  return ['sv72 export-trt', bundle, '--data DATASET', ...more].join(' ');
}

/** @throws ERR_USAGE */
function profileOf(text: string): EngineChoice['profile'] {
  const [least, best, most, ...rest] = text.split(',').map(Number);
  const sizes = [least, best, most];
  if (
    rest.length === 0 &&
    least !== undefined &&
    best !== undefined &&
    most !== undefined &&
    sizes.every((size) => Number.isInteger(size)) &&
    1 <= least &&
    least <= best &&
    best <= most &&
    most <= 64
  ) {
    return { least, best, most };
  }
  throw new Sv72Error('ERR_USAGE', '--batches takes three rising numbers from 1 to 64, such as 1,4,16.');
}

/** @throws ERR_USAGE */
function percentOf(text: string): number {
  const value = Number(text.replace(/ ?%$/, ''));
  if (text.trim() !== '' && value >= 0 && value <= 100) return value;
  throw new Sv72Error('ERR_USAGE', `--max-flips takes per cent from 0 to 100, not "${text}".`);
}
