import { join, resolve } from 'node:path';
import { Args, Flags } from '@oclif/core';
import { cacheFolder, ourSurroundings } from '../../src/config/index.ts';
import {
  discardPlan,
  openJudge,
  planSynthesis,
  requirePlace,
  type Synthesis,
  writeGenerated,
  writePlan,
} from '../../src/data/index.ts';
import { commandLine, sharesOf, writeFlags, writtenJson, writtenLines } from '../../src/data-ui/index.ts';
import { Sv72Error } from '../../src/errors/index.ts';
import { JobCommand, type JobFlags, jobFlags } from '../../src/jobs-ui/index.ts';
import type { ResultOf } from '../../src/results/index.ts';
import { withEnv } from '../../src/ui/index.ts';

export default class DataSynth extends JobCommand {
  static override summary =
    'Generate pictures with Stable Diffusion XL, with the settings that validators use.';
  static override description =
    'Half of what validators ask was generated. Half of the pictures show road works; with --from, half begin with a picture of that dataset, as validators do. ' +
    'Needs a GPU with 12 GB and some 8 GB of weights from the Hub. What was generated is kept beside the dataset, and an interrupted run goes on.';
  static override examples = [
    '<%= config.bin %> data synth ./synth --count 1000',
    '<%= config.bin %> data synth ./synth --count 1000 --from ./natix --judge ./my-model --runtime docker',
    '<%= config.bin %> data synth ./synth --dry-run',
  ];
  static override args = { folder: Args.string({ description: 'folder to make', required: true }) };
  static override flags = {
    ...withEnv({
      count: Flags.integer({ summary: 'pictures to generate', default: 500, min: 2, max: 1_000_000 }),
      seed: Flags.integer({ summary: 'another number, other pictures', default: 0, min: 0, max: 1_000_000 }),
      from: Flags.directory({
        summary: 'dataset whose training pictures half of them begin with',
        exists: true,
      }),
      judge: Flags.directory({
        summary: 'model bundle that looks at each picture: what it takes for the other class is left out',
        exists: true,
      }),
      'accept-unknown-licence': Flags.boolean({
        summary: 'begin with pictures whose licence is not known, on your own responsibility',
        aliases: ['accept-unknown-license'],
      }),
    }),
    ...writeFlags,
    ...jobFlags,
  };

  async run(): Promise<ResultOf<'data synth'>> {
    const { args, flags } = await this.parse(DataSynth);
    const { count, seed, from, name, replace } = flags;
    const work = resolve(`${args.folder.replace(/\/+$/, '')}.synth`);
    const split = { seed, shares: sharesOf(flags) };
    const places = { work, cache: join(cacheFolder(ourSurroundings()), 'synth') };
    await requirePlace(args.folder, replace);
    const synthesis = await planSynthesis({
      ...{ count, seed, ...places },
      acceptUnknownLicence: flags['accept-unknown-licence'],
      ...(from !== undefined && { from }),
    });
    if (flags['dry-run']) return await this.planJob(synthesis.spec, flags);
    // A judge that cannot be used is better known before the hours than after them.
    if (flags.judge !== undefined) await (await openJudge(flags.judge)).close();
    await this.generate(synthesis, places, flags);
    const judge = flags.judge === undefined ? undefined : await openJudge(flags.judge);
    const written = await this.progress(`Writing ${args.folder}`, () =>
      writeGenerated(synthesis, {
        ...{ dir: args.folder, work, replace, split },
        made: {
          by: `sv72 ${this.config.version}`,
          command: commandLine('data:synth', this.argv),
        },
        ...(judge !== undefined && { judge }),
        ...(name !== undefined && { name }),
      }),
    ).finally(() => judge?.close());
    const { lines, notes } = writtenLines(written);
    for (const line of lines) this.say(line);
    for (const note of notes) this.note(note);
    return { event: 'done', ...writtenJson(written) };
  }

  /** Runs the step; a plan by which nothing was generated is not left behind, unless another step may be at it. */
  private async generate(
    synthesis: Synthesis,
    places: { readonly work: string; readonly cache: string },
    flags: JobFlags,
  ): Promise<void> {
    await writePlan(synthesis, places);
    try {
      await this.runJob(synthesis.spec, flags);
    } catch (error) {
      const code = error instanceof Sv72Error ? error.code : undefined;
      if (code !== 'ERR_JOB_RUNNING' && code !== 'ERR_JOB_LOST') await discardPlan(places);
      throw error;
    }
  }
}
