import { join, resolve } from 'node:path';
import { Flags } from '@oclif/core';
import { parseCascade } from '../../src/cascade/index.ts';
import { cacheFolder, ourSurroundings, readIfThere } from '../../src/config/index.ts';
import { Sv72Error } from '../../src/errors/index.ts';
import { progressText } from '../../src/evaluate/index.ts';
import { fitProfile, renderFit, writeCascade, writeFitReport } from '../../src/fitting/index.ts';
import { planProfile } from '../../src/miner/index.ts';
import type { ResultOf } from '../../src/results/index.ts';
import { Sv72Command, settingFlag, withEnv } from '../../src/ui/index.ts';

export default class CascadeFit extends Sv72Command {
  static override summary = 'Find out how the stages of a profile are best weighed, and when one is sure.';
  static override description =
    'All stages of the profile answer the same labelled pictures, augmented as validators do it. From that come the weights (stacked calibration, cross-validated), and the bounds beyond which no further stage is asked: ' +
    'the cheapest that are worth almost as much as the best. They are written to a file that the profile then names. Answers are remembered: after Ctrl-C the same command goes on from there.';
  static override examples = [
    '<%= config.bin %> cascade fit --profile accuracy --data ./roadwork',
    '<%= config.bin %> cascade fit --profile accuracy --data ./roadwork --max-latency-ms 200 --report trade-off.html',
  ];
  static override flags = {
    profile: settingFlag('profile'),
    ...withEnv({
      data: Flags.directory({
        summary: 'dataset folder',
        exactlyOne: ['data', 'images'],
        helpGroup: 'PICTURES',
      }),
      images: Flags.directory({
        summary: 'plain folder instead, labels from its sub-folders roadwork and none',
        exists: true,
        helpGroup: 'PICTURES',
      }),
      split: Flags.option({
        summary: 'part of the dataset; what is fitted to a part must be evaluated on another',
        options: ['train', 'validation', 'test'] as const,
        helpGroup: 'PICTURES',
      })({ default: 'validation' }),
      pictures: Flags.integer({
        summary: 'at most so many, as equally from both classes as there are',
        min: 2,
        helpGroup: 'PICTURES',
      }),
      views: Flags.integer({
        summary: 'different views of a picture at each level from 1 up',
        default: 1,
        min: 1,
        max: 1_000,
        helpGroup: 'PICTURES',
      }),
      seed: Flags.integer({
        summary: 'other crops, angles and severities',
        default: 0,
        min: 0,
        max: 2 ** 31,
        helpGroup: 'PICTURES',
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
      out: Flags.string({ summary: 'file to write (default: cascade-PROFILE.json here)' }),
      report: Flags.string({ summary: 'write the trade-off as an HTML report to this file' }),
      fresh: Flags.boolean({ summary: 'ask again what an earlier run asked already' }),
    }),
  };

  async run(): Promise<ResultOf<'cascade fit'>> {
    const { flags } = await this.parse(CascadeFit);
    const { settings } = await this.settings();
    const plan = planProfile({ settings, surroundings: ourSurroundings(), packageRoot: this.config.root });
    const path = resolve(flags.out ?? `cascade-${settings.profile}.json`);
    // Another's file is not written over.
    const before = await readIfThere(path);
    if (before !== undefined) parseCascade(before, path);
    const { 'max-latency-ms': maxLatencyMs, 'max-cost': maxCostPer1000, tolerance } = flags;
    const interrupt = new AbortController();
    const stop = (): void => interrupt.abort();
    process.once('SIGINT', stop).once('SIGTERM', stop);
    const fitted = await this.progress('Asking the stages', (status) =>
      fitProfile({
        plan,
        profile: settings.profile,
        data:
          flags.images === undefined
            ? { kind: 'dataset', path: flags.data ?? '', split: flags.split }
            : { kind: 'folder', path: flags.images },
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
        signal: interrupt.signal,
        onProgress: (progress) => status(progressText(progress)),
        onNote: (message) => this.note(`Warning: ${message}`),
      }),
    ).finally(() => process.off('SIGINT', stop).off('SIGTERM', stop));
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
}

function positive(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
  throw new Sv72Error('ERR_USAGE', `takes a number from 0 up, not "${text}".`);
}
