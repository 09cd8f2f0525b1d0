import { resolve } from 'node:path';
import { Args } from '@oclif/core';
import { readCascade } from '../../src/cascade/index.ts';
import { ourSurroundings } from '../../src/config/index.ts';
import { Sv72Error } from '../../src/errors/index.ts';
import { renderCascade } from '../../src/fitting/index.ts';
import { planProfile } from '../../src/miner/index.ts';
import type { ResultOf } from '../../src/results/index.ts';
import { Sv72Command, settingFlag } from '../../src/ui/index.ts';

export default class CascadeShow extends Sv72Command {
  static override summary = 'Show how the stages of a profile are weighed, and when one is sure.';
  static override examples = [
    '<%= config.bin %> cascade show --profile accuracy',
    '<%= config.bin %> cascade show cascade-accuracy.json',
  ];
  static override args = {
    file: Args.string({ description: 'file of `cascade fit` (default: the one that the profile names)' }),
  };
  static override flags = { profile: settingFlag('profile') };

  async run(): Promise<ResultOf<'cascade show'>> {
    const { args } = await this.parse(CascadeShow);
    const path = args.file === undefined ? await this.#ofProfile() : resolve(args.file);
    const { format: _, others, ...cascade } = await readCascade(path);
    for (const line of renderCascade(cascade, others, path)) this.say(line);
    return { path, cascade, others };
  }

  async #ofProfile(): Promise<string> {
    const { settings } = await this.settings();
    const plan = planProfile({ settings, surroundings: ourSurroundings(), packageRoot: this.config.root });
    if (plan.cascade !== null) return plan.cascade;
    throw new Sv72Error('ERR_CASCADE_FILE', `The profile ${settings.profile} names no file of a cascade.`, {
      next: `Run \`sv72 cascade fit --profile ${settings.profile} --data DIR\` and set profiles.${settings.profile}.cascade to what it writes.`,
    });
  }
}
