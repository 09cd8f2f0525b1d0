import { Args } from '@oclif/core';
import { minersInView } from '../src/config/index.ts';
import type { ResultOf } from '../src/results/index.ts';
import { planLines, planProfiles } from '../src/serving/index.ts';
import { profileFlags, ServingCommand } from '../src/serving-ui/index.ts';

export default class Plan extends ServingCommand {
  static override summary =
    'Show whether the models of one or several profiles fit into the memory of the GPUs.';
  static override description =
    'Reads sizes from bundles, from weights that are on this machine, or from the names of models, and what is free from nvidia-smi; nothing is started. ' +
    'Several profiles stand for several hotkeys on this machine; a model that two of them share is counted once. The KV cache of each chat model is sized so that the servers on one GPU leave each other room. ' +
    'The exit code is 1 where something does not fit.';
  static override examples = [
    '<%= config.bin %> plan',
    '<%= config.bin %> plan speed accuracy video',
    '<%= config.bin %> plan accuracy --json',
  ];
  static override args = {
    profiles: Args.string({
      description:
        'profiles, one for each hotkey (default: those of `miners` in sv72.yaml, else the one in use)',
    }),
  };
  static override strict = false;
  static override flags = { ...profileFlags };

  async run(): Promise<ResultOf<'plan'>> {
    const { argv } = await this.parse(Plan);
    const loaded = await this.settings();
    const { miners } = minersInView(loaded);
    const names = argv.length > 0 ? argv.map(String) : new Set(miners.map(({ profile }) => profile));
    const { profiles, plan } = await planProfiles(loaded.settings, [...names], this.places);
    for (const line of planLines(plan)) this.say(line);
    if (!plan.fits) process.exitCode = 1;
    return {
      profiles,
      fits: plan.fits,
      gpus: plan.gpus.map((gpu) => {
        const { index, name, memoryBytes, freeBytes, marginBytes, plannedBytes, leftBytes } = gpu;
        return { index, name, memoryBytes, freeBytes, marginBytes, plannedBytes, leftBytes };
      }),
      models: [...plan.models],
      problems: [...plan.problems],
      advice: [...plan.advice],
    };
  }
}
