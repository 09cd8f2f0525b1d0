import { join, resolve } from 'node:path';
import { Flags } from '@oclif/core';
import { cacheFolder, dataFolder, ourSurroundings } from '../../src/config/index.ts';
import { Sv72Error } from '../../src/errors/index.ts';
import { progressText } from '../../src/evaluate/index.ts';
import {
  cascadeThere,
  fitProfile,
  renderFit,
  writeCascade,
  writeFitReport,
} from '../../src/fitting/index.ts';
import { liveBundle, planProfile } from '../../src/miner/index.ts';
import type { ResultOf } from '../../src/results/index.ts';
import { pictureFlags, picturesOf, Sv72Command, settingFlag, withEnv } from '../../src/ui/index.ts';

export default class CascadeFit extends Sv72Command {
  static override summary = 'Find out how the stages of a profile are best weighed, and when one is sure.';
  static override description =
    'All stages of the profile answer the same labelled pictures, augmented as validators do it. From that come the weights (stacked calibration, cross-validated), and the bounds beyond which no further stage is asked: ' +
    'the cheapest that are worth almost as much as the best. They are written to a file that the profile then names. Answers are remembered: after Ctrl-C the same command goes on from there.';
  static override examples = [
    '<%= config.bin %> cascade fit --profile accuracy --data ./roadwork',
    '<%= config.bin %> cascade fit --profile accuracy --data ./roadwork --bundle ./my-model-2',
    '<%= config.bin %> cascade fit --profile accuracy --data ./roadwork --max-latency-ms 200 --report trade-off.html',
  ];
  static override flags = {
    profile: settingFlag('profile'),
    ...pictureFlags({
      default: 'validation',
      summary: 'part of the dataset; what is fitted to a part must be evaluated on another',
    }),
    ...withEnv({
      bundle: Flags.string({
        summary: 'bundle for the first stage instead of the configured one, such as a new model for `deploy`',
      }),
      'max-latency-ms': Flags.custom<number>({
        summary: 'most time for a picture on average, in ms',
        parse: async (text) => positive(text),
        helpGroup: 'LIMITS',
      })(),
      'max-cost': Flags.custom<number>({
        summary: 'most money for a thousand pictures, as cost_per_1000 of the stages says',
        parse: async (text) => positive(text),
        helpGroup: 'LIMITS',
      })(),
      tolerance: Flags.custom<number>({
        summary: 'reward that is given away for less time and money',
        parse: async (text) => positive(text),
        helpGroup: 'LIMITS',
      })({ default: 0.002 }),
      out: Flags.string({
        summary: 'file to write (default: cascade-PROFILE.json here); its fits for other models stay',
      }),
      report: Flags.string({ summary: 'write the trade-off as an HTML report to this file' }),
      fresh: Flags.boolean({ summary: 'ask again what an earlier run asked already' }),
    }),
  };

  async run(): Promise<ResultOf<'cascade fit'>> {
    const { flags } = await this.parse(CascadeFit);
    const { settings } = await this.settings();
    const plan = planProfile({
      settings,
      surroundings: ourSurroundings(),
      packageRoot: this.config.root,
      firstBundle: flags.bundle,
    });
    for (const line of plan.unused) this.note(`Warning: ${line}`);
    if (flags.bundle === undefined)
      await this.#tellPromoted(settings.profile, plan.stages[0]?.bundleDir ?? '');
    const path = resolve(flags.out ?? `cascade-${settings.profile}.json`);
    // Another's file is not written over.
    await cascadeThere(path);
    const { 'max-latency-ms': maxLatencyMs, 'max-cost': maxCostPer1000, tolerance } = flags;
    const fitted = await this.interruptible('Asking the stages', (signal, status) =>
      fitProfile({
        plan,
        profile: settings.profile,
        data: picturesOf(flags),
        settings: {
          generations: [1, 2, 3],
          levels: [0, 1, 2, 3],
          views: flags.views,
          seed: flags.seed,
          freeCrop: false,
          colours: 'bytes',
        },
        ...(flags.pictures !== undefined && { pictures: flags.pictures }),
        ...(!flags.fresh && { memory: join(cacheFolder(ourSurroundings()), 'evaluate') }),
        limits: {
          tolerance,
          ...(maxLatencyMs !== undefined && { maxLatencyMs }),
          ...(maxCostPer1000 !== undefined && { maxCostPer1000 }),
        },
        signal,
        onProgress: (progress) => status(progressText(progress)),
        onNote: (message) => this.note(`Warning: ${message}`),
      }),
    );
    await writeCascade(path, fitted);
    const report = flags.report === undefined ? null : resolve(flags.report);
    if (report !== null) await writeFitReport(report, fitted);
    for (const line of renderFit(fitted, path)) this.say(line);
    return {
      path,
      cascade: fitted.file,
      data: fitted.data,
      views: fitted.views,
      stages: fitted.stages,
      policies: fitted.policies,
      report,
    };
  }

  /** A miner goes on with what was promoted, which a fit for the configured bundle does not suit. */
  async #tellPromoted(profile: string, configured: string): Promise<void> {
    const live = await liveBundle({ data: dataFolder(ourSurroundings()), profile, configured, hotkeys: [] });
    if (live !== configured)
      this.note(`Warning: this is for ${configured}; a miner serves ${live}, which was promoted (--bundle).`);
  }
}

function positive(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
  throw new Sv72Error('ERR_USAGE', `takes a number from 0 up, not "${text}".`);
}
