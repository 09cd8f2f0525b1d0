import { basename, join, resolve } from 'node:path';
import { Args, Flags } from '@oclif/core';
import { loadBundle } from '../src/bundle/index.ts';
import { cacheFolder, ourSurroundings } from '../src/config/index.ts';
import { Sv72Error } from '../src/errors/index.ts';
import { foldersInUse, type Gpu, listGpus } from '../src/jobs/index.ts';
import { type JobFlags, jobFlags } from '../src/jobs-ui/index.ts';
import type { ResultOf } from '../src/results/index.ts';
import { engineSource, writeRepository } from '../src/serving/index.ts';
import { withEnv } from '../src/ui/index.ts';
import {
  asItEnded,
  type BuiltEngine,
  type CachedEngine,
  DEFAULT_PROFILE,
  type EngineChoice,
  findEngine,
  listEngines,
  prepareEngine,
  rebuildCommand,
  renderEngine,
  SERVING_IMAGE,
  servingCommands,
  wantedEngine,
} from '../src/variants/index.ts';
import { gateFlags, gateTerms, ProvingCommand } from '../src/variants-ui/index.ts';

const WORK_FOLDER =
  'The folder work is made for the step, with the augmented pictures that the engine answers, and removed afterwards.';

export default class ExportTrt extends ProvingCommand {
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
        exclusive: ['check'],
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
      })({ default: DEFAULT_PROFILE, defaultHelp: async () => '1,4,16' }),
      workspace: Flags.integer({
        summary: 'memory that building may take on the GPU, MiB',
        default: 4_096,
        min: 16,
        max: 1_000_000,
      }),
    }),
    ...gateFlags,
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
      const engine = findEngine(await listEngines(cacheDir), wanted, rebuildCommand(choice));
      return await this.report(choice, engine, flags.repository);
    }
    const { data } = flags;
    if (data === undefined) {
      throw new Sv72Error(
        'ERR_USAGE',
        'An engine needs a dataset that judges it (--data); --check only looks for one.',
      );
    }
    const { onStage, watched } = this.stages();
    return await this.stoppable(async (signal) => {
      const building = await watched('Preparing', () =>
        prepareEngine({
          ...choice,
          ...gateTerms(flags),
          data,
          workspaceMib: flags.workspace,
          cacheDir,
          signal,
          inUse: () => foldersInUse(options),
          dryRun: flags['dry-run'],
          onStage,
        }),
      );
      try {
        if (flags['dry-run']) {
          this.note(WORK_FOLDER);
          return await this.planJob(building.spec, flags);
        }
        const result = await this.runJob(building.spec, { ...flags, gpus: undefined }, asItEnded);
        const built = await watched('Comparing', () => building.finish(result));
        if (!built.record.gate.passed) process.exitCode = 1;
        return await this.report(choice, built.engine ?? built, flags.repository);
      } finally {
        await building.close();
      }
    });
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
      const [server, miner] = servingCommands(choice, repository, basename(placed));
      this.note(`It serves with:\n  ${server}\nand is asked by:\n  ${miner}`);
    } else if (engine !== null) {
      this.note('Triton serves it: --check --repository FOLDER puts it into a model repository.');
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
  throw new Sv72Error('ERR_USAGE', `"${text}" is not three rising numbers from 1 to 64, such as 1,4,16.`);
}
