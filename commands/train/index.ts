import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { Flags } from '@oclif/core';
import { unpaidNote } from '../../src/chain-ui/index.ts';
import { cacheFolder, ourSurroundings, writeWhole } from '../../src/config/index.ts';
import { Sv72Error } from '../../src/errors/index.ts';
import { JobCommand, jobFlags } from '../../src/jobs-ui/index.ts';
import type { ResultOf } from '../../src/results/index.ts';
import {
  changeRecipe,
  checkDestination,
  mustBeTrained,
  type PreparedTraining,
  prepareTraining,
  readResults,
  recipeFor,
  renderTraining,
  skyTask,
  writeTrainedBundle,
} from '../../src/training/index.ts';
import { withEnv } from '../../src/ui/index.ts';

/** The recipe that is taken where none is named. */
const USUAL = 'finetune';
/** More processes than this have never kept a GPU any busier. */
const MOST_WORKERS = 16;

export default class Train extends JobCommand {
  static override summary = 'Train a model on the validators’ own views, and make it a bundle.';
  static override description =
    'A recipe says how (`sv72 train recipes`), a backbone what it is built on (`sv72 train backbones`, or any id of timm). ' +
    'Ctrl-C saves and stops; the same command with --resume goes on, to the very same model. ' +
    'The result is a bundle: the graph with its calibration inside, figures with intervals on pictures that were never trained on, and where all of it came from.';
  static override examples = [
    '<%= config.bin %> train --data ./roadwork --out ./my-model',
    '<%= config.bin %> train --data ./roadwork --recipe plain --out ./small --runtime local --device cpu',
    '<%= config.bin %> train --data ./roadwork --recipe lora --backbone vit_base_patch16_dinov3.lvd1689m --out ./dino',
    '<%= config.bin %> train --data ./roadwork --recipe distill --teacher ./dino --out ./student --resume',
    '<%= config.bin %> train --data ./roadwork --out ./my-model --write-task sky --accelerators L4:1',
  ];
  static override flags = {
    ...withEnv({
      data: Flags.directory({
        summary: 'dataset folder; may be repeated',
        required: true,
        multiple: true,
        multipleNonGreedy: true,
        exists: true,
      }),
      out: Flags.string({ summary: 'folder of the new bundle', required: true }),
      replace: Flags.boolean({ summary: 'put the new bundle in the place of one that is there' }),
      name: Flags.string({ summary: 'name of the bundle (default: the folder’s)' }),
      'model-version': Flags.string({ summary: 'version of the bundle', default: '1.0.0' }),
      licence: Flags.string({ summary: 'licence of the model, where its first weights leave the choice' }),
      recipe: Flags.string({
        summary: `name of a recipe or path of one (default: ${USUAL}; with --resume the run’s own)`,
        helpGroup: 'RECIPE',
      }),
      backbone: Flags.string({ summary: 'plain-s, plain-m, or an id of timm', helpGroup: 'RECIPE' }),
      'random-weights': Flags.boolean({
        summary: 'begin with random weights',
        exclusive: ['weights'],
        helpGroup: 'RECIPE',
      }),
      epochs: Flags.integer({ summary: 'times that each picture is met', min: 1, helpGroup: 'RECIPE' }),
      batch: Flags.integer({ summary: 'views of a step', min: 2, helpGroup: 'RECIPE' }),
      'learning-rate': Flags.custom<number>({
        summary: 'highest learning rate',
        parse: async (text) => rateOf(text),
        helpGroup: 'RECIPE',
      })(),
      precision: Flags.option({
        summary: 'arithmetic of the fit',
        options: ['fp32', 'bf16'] as const,
        helpGroup: 'RECIPE',
      })(),
      seed: Flags.integer({
        summary: 'other first weights, order and views',
        min: 0,
        max: 2 ** 31,
        helpGroup: 'RECIPE',
      }),
      weights: Flags.file({
        summary: 'begin with this file: of an earlier run, or a checkpoint of timm',
        exists: true,
        helpGroup: 'WEIGHTS',
      }),
      'weights-licence': Flags.file({
        summary: 'text of the licence of --weights, where it binds what is made from them',
        exists: true,
        helpGroup: 'WEIGHTS',
      }),
      teacher: Flags.string({
        summary: 'of a distillation: a bundle, or the address of an OpenAI-compatible server (…/v1)',
        helpGroup: 'WEIGHTS',
      }),
      'teacher-model': Flags.string({
        summary: 'what that server calls its model; SV72_TEACHER_KEY is the key it wants, if any',
        dependsOn: ['teacher'],
        helpGroup: 'WEIGHTS',
      }),
      work: Flags.string({ summary: 'folder of the run (default: OUT.run)' }),
      resume: Flags.boolean({ summary: 'go on with the run that is in the folder' }),
      device: Flags.option({
        summary: 'where it computes; auto takes the GPU where there is one',
        options: ['auto', 'cpu', 'cuda'] as const,
      })({ default: 'auto' }),
      threads: Flags.integer({ summary: 'threads on a CPU (default: all)', min: 0, default: 0 }),
      workers: Flags.integer({ summary: 'processes that make views (default: by the machine)', min: 0 }),
      'write-task': Flags.option({
        summary: 'write a task file for SkyPilot beside the run instead of training here',
        options: ['sky'] as const,
        exclusive: ['dry-run'],
        helpGroup: 'ELSEWHERE',
      })(),
      accelerators: Flags.string({
        summary: 'GPUs that the task asks for, as SkyPilot names them; none: a machine without',
        dependsOn: ['write-task'],
        helpGroup: 'ELSEWHERE',
      }),
    }),
    ...jobFlags,
  };

  async run(): Promise<ResultOf<'train'>> {
    const { flags } = await this.parse(Train);
    const at = ourSurroundings();
    const { trainerDir } = this.jobOptions(flags);
    const out = resolve(flags.out);
    const work = resolve(flags.work ?? `${out}.run`);
    const { resume, replace, licence } = flags;
    const named = await recipeFor(flags.recipe, { resume, work, trainerDir, usual: USUAL });
    const recipe = changeRecipe(named, {
      ...flags,
      lr: flags['learning-rate'],
      pretrained: flags['random-weights'] ? false : undefined,
    });
    const destination = {
      ...{ dir: out, replace: replace || flags['dry-run'], licence },
      ...{ name: flags.name ?? nameOf(out), version: flags['model-version'] },
    };
    const training = await prepareTraining({
      ...flags,
      recipe,
      work,
      cache: join(cacheFolder(at), 'training'),
      workers: flags.workers ?? (flags['write-task'] === undefined ? usualWorkers() : 0),
      weightsLicence: flags['weights-licence'],
      teacherModel: flags['teacher-model'],
      dryRun: flags['dry-run'],
      secrets: secretsOf(at.env),
    });
    if (flags['write-task'] === undefined) await checkDestination(destination);
    if (flags['dry-run']) return plain(await this.planJob(training.spec, flags));
    if (flags['write-task'] !== undefined) return await this.writeTask(training, trainerDir, flags);
    void this.warnUnpaid();
    const { id } = await this.runJob(training.spec, flags, (result) => mustBeTrained(result, work));
    const results = await readResults(work);
    const { manifest, dir } = await writeTrainedBundle({
      ...destination,
      by: `sv72 ${this.config.version}`,
      command: ['sv72', 'train', ...this.argv].join(' '),
      work,
      recipe,
      datasets: training.datasets,
      teacher: training.teacher,
      results,
    });
    for (const line of renderTraining(results)) this.say(line);
    this.say(`Report        ${join(work, 'report.html')}`);
    this.say(`Bundle        ${dir}`);
    const { backbone, pictures, steps, seconds, hardware, calibration, graph, metrics } = results;
    return {
      event: 'result',
      bundle: dir,
      name: manifest.name,
      version: manifest.version,
      demo: manifest.demo,
      licence: manifest.licence,
      work,
      job: id,
      recipe: recipe.name,
      backbone: backbone.id,
      parameters: backbone.parameters,
      pictures,
      steps,
      seconds,
      hardware,
      calibration,
      graph,
      metrics,
    };
  }

  /** Who trains for hours should know that nobody is paid. It holds nothing up and stops nothing. */
  private async warnUnpaid(): Promise<void> {
    try {
      const line = await unpaidNote((await this.settings()).settings);
      if (line !== undefined) this.note(line);
    } catch {
      // Training needs no settings of the chain.
    }
  }

  private async writeTask(
    { spec, work }: PreparedTraining,
    trainerDir: string,
    { accelerators, workers }: { accelerators: string | undefined; workers: number | undefined },
  ): Promise<ResultOf<'train'>> {
    const file = join(work, 'sky.yaml');
    await writeWhole(file, skyTask({ spec, trainerDir, accelerators, workers }));
    this.say(`Task file     ${file}`);
    return { event: 'task', kind: 'sky', file };
  }
}

const usualWorkers = (): number => Math.min(MOST_WORKERS, Math.max(0, availableParallelism() - 1));

type Plan = Awaited<ReturnType<JobCommand['planJob']>>;

const plain = (plan: Plan): Extract<ResultOf<'train'>, { event: 'dry-run' }> => ({
  ...plan,
  environment: { ...plan.environment },
  commands: plan.commands.map((words) => [...words]),
  secrets: [...plan.secrets],
  checks: plan.checks.map((check) => ({ ...check })),
});

/** Keys that the job may need; they are in nobody's argv and no record. */
function secretsOf(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const names = ['SV72_TEACHER_KEY', 'HF_TOKEN'];
  return Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
}

function nameOf(out: string): string {
  const name = (out.split(/[/\\]/).at(-1) ?? '').toLowerCase().replace(/[^a-z0-9._-]+/g, '-');
  return /^[a-z0-9]/.test(name) ? name.slice(0, 100) : 'model';
}

/** @throws ERR_USAGE */
function rateOf(text: string): number {
  const value = Number(text);
  if (value > 0 && value <= 10) return value;
  throw new Sv72Error('ERR_USAGE', `--learning-rate takes a number above 0 and up to 10, not "${text}".`);
}
