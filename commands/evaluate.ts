import { join, resolve } from 'node:path';
import { Args, Flags } from '@oclif/core';
import { loadBundle } from '../src/bundle/index.ts';
import { cacheFolder, ourSurroundings } from '../src/config/index.ts';
import { Sv72Error } from '../src/errors/index.ts';
import {
  type Contestant,
  type EvaluateRequest,
  evaluate,
  modelLine,
  progressText,
  renderEvaluation,
  writeAnswers,
  writeReport,
} from '../src/evaluate/index.ts';
import { judgeProfile, renderProfile } from '../src/fitting/index.ts';
import { planProfile } from '../src/miner/index.ts';
import type { ResultOf } from '../src/results/index.ts';
import { pictureFlags, picturesOf, Sv72Command, withEnv } from '../src/ui/index.ts';

export default class Evaluate extends Sv72Command {
  static override summary = 'Measure a model on labelled pictures, augmented and scored as validators do it.';
  static override description =
    'Every picture is shown as each generation of validators would send it, at each level. Answers come from the engine that serve uses. ' +
    'They are remembered: after Ctrl-C the same command goes on from there. With --compare, two models answer the same pictures, and it is said whether one is really better.';
  static override examples = [
    '<%= config.bin %> evaluate ./my-model --data ./roadwork',
    '<%= config.bin %> evaluate ./my-model --images ./photos --report report.html',
    '<%= config.bin %> evaluate --profile accuracy --data ./roadwork',
    '<%= config.bin %> evaluate ./my-model --compare ./its-successor --data ./roadwork --generations 3 --json',
  ];
  static override args = {
    bundle: Args.string({ description: 'folder of the model bundle; not with --profile' }),
  };
  static override flags = {
    ...pictureFlags({ default: 'test', summary: 'part of the dataset' }),
    ...withEnv({
      profile: Flags.option({
        summary: 'a profile instead of a bundle: what its stages are worth together, and what each adds',
        options: ['speed', 'accuracy', 'video'] as const,
        env: 'SV72_EVALUATE_PROFILE',
        exclusive: ['variant', 'compare', 'compare-variant', 'device', 'processes', 'report', 'answers'],
      })(),
      generations: Flags.custom<(1 | 2 | 3)[]>({
        summary: 'kinds of validators: January, April, May 2026',
        parse: async (text) => listOf(text, [1, 2, 3]),
        helpGroup: 'VIEWS',
      })({ default: [1, 2, 3] }),
      levels: Flags.custom<(0 | 1 | 2 | 3)[]>({
        summary: 'augmentation levels of generations 1 and 2',
        parse: async (text) => listOf(text, [0, 1, 2, 3]),
        helpGroup: 'VIEWS',
      })({ default: [0, 1, 2, 3] }),
      'free-crop': Flags.boolean({
        summary: "generation 1's crop may miss the road works, even where the dataset says where they are",
        helpGroup: 'VIEWS',
      }),
      colours: Flags.option({
        summary: 'how validators compute saturation and noise; nobody knows which',
        options: ['bytes', 'floats'] as const,
        helpGroup: 'VIEWS',
      })({ default: 'bytes' }),
      variant: Flags.string({ summary: 'which of its models (default: what serve would take)' }),
      compare: Flags.string({ summary: 'folder of another bundle, to be compared on the same views' }),
      'compare-variant': Flags.string({
        summary: "which of the other bundle's models",
        dependsOn: ['compare'],
      }),
      device: Flags.option({
        summary: 'where to run',
        options: ['auto', 'cpu', 'cuda', 'tensorrt'] as const,
      })({ default: 'auto' }),
      processes: Flags.integer({ summary: 'engine processes of each model', default: 1, min: 1, max: 64 }),
      fresh: Flags.boolean({ summary: 'ask again what an earlier run asked already' }),
      report: Flags.string({ summary: 'write an HTML report, with pictures, to this file' }),
      answers: Flags.string({
        summary: 'write the answer to every view to this file, one JSON object a line',
      }),
    }),
  };

  async run(): Promise<ResultOf<'evaluate'>> {
    const { args, flags } = await this.parse(Evaluate);
    const { generations, levels, views, seed, colours, device, processes, pictures, report, answers } = flags;
    const common = {
      data: picturesOf(flags),
      settings: { generations, levels, views, seed, freeCrop: flags['free-crop'] === true, colours },
      ...(pictures !== undefined && { pictures }),
      ...(!flags.fresh && { memory: join(cacheFolder(ourSurroundings()), 'evaluate') }),
      onForgotten: (reason) =>
        this.note(`Warning: the next run has to ask again; answers could not be kept in ${reason}`),
    } satisfies Partial<EvaluateRequest>;
    const { profile } = flags;
    if (profile !== undefined) {
      if (args.bundle !== undefined)
        throw new Sv72Error('ERR_USAGE', 'Give a bundle or --profile, not both.');
      return await this.untilInterrupted((signal) => this.#profile(profile, { ...common, signal }));
    }
    if (args.bundle === undefined)
      throw new Sv72Error('ERR_USAGE', 'Give the folder of a model bundle, or --profile.');
    const contestant = await contestantOf(args.bundle, flags.variant);
    const other =
      flags.compare === undefined ? undefined : await contestantOf(flags.compare, flags['compare-variant']);
    const request: EvaluateRequest = {
      ...common,
      contestant,
      ...(other !== undefined && { other }),
      device,
      processes,
    };
    const found = await this.interruptible('Asking the model', (signal, status) =>
      evaluate({
        ...request,
        signal,
        onReady: (models) => status(models.map(modelLine).join(' and ')),
        onProgress: (progress) => status(progressText(progress)),
      }),
    );
    if (answers !== undefined) await writeAnswers(resolve(answers), found);
    if (report !== undefined)
      await this.progress('Writing the report', () => writeReport(resolve(report), found));
    for (const line of renderEvaluation(found.evaluation)) this.say(line);
    if (report !== undefined) this.say(`Report        ${resolve(report)}`);
    return {
      ...found.evaluation,
      report: report === undefined ? null : resolve(report),
      answers: answers === undefined ? null : resolve(answers),
    };
  }

  async #profile(
    profile: 'speed' | 'accuracy' | 'video',
    request: Omit<Parameters<typeof judgeProfile>[0], 'plan' | 'profile' | 'onNote'>,
  ): Promise<ResultOf<'evaluate'>> {
    const { settings } = await this.settings();
    const plan = planProfile({
      settings: { ...settings, profile },
      surroundings: ourSurroundings(),
      packageRoot: this.config.root,
    });
    for (const line of plan.unused) this.note(`Warning: ${line}`);
    const found = await this.progress('Asking the stages', (status) =>
      judgeProfile({
        ...request,
        plan,
        profile,
        onProgress: (progress) => status(progressText(progress)),
        onNote: (message) => this.note(`Warning: ${message}`),
      }),
    );
    for (const line of renderProfile(found)) this.say(line);
    return found;
  }
}

async function contestantOf(path: string, variant: string | undefined): Promise<Contestant> {
  return { bundle: await loadBundle(path), ...(variant !== undefined && { variant }) };
}

/** Numbers with commas, each once, in the order of `known`. */
function listOf<T extends number>(text: string, known: readonly T[]): T[] {
  const words = text.split(',').map((word) => word.trim());
  const wrong = words.find((word) => !known.some((value) => String(value) === word));
  if (wrong === undefined) return known.filter((value) => words.includes(String(value)));
  throw new Sv72Error(
    'ERR_USAGE',
    `takes numbers from ${known[0]} to ${known.at(-1)} with commas, not "${wrong}".`,
  );
}
