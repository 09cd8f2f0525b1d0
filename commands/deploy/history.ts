import { Flags } from '@oclif/core';
import { ourSurroundings, storeFile } from '../../src/config/index.ts';
import { DeployCommand, localTime, minerFlag } from '../../src/deploy-ui/index.ts';
import type { ResultOf } from '../../src/results/index.ts';
import { readDeployments } from '../../src/store/index.ts';
import { settingFlag, withEnv } from '../../src/ui/index.ts';

export default class DeployHistory extends DeployCommand {
  static override summary = 'List what was done to the models of the miners here, the newest first.';
  static override examples = [
    '<%= config.bin %> deploy history',
    '<%= config.bin %> deploy history --limit 5 --json',
  ];
  static override flags = {
    ...minerFlag,
    store: settingFlag('store.path'),
    ...withEnv({ limit: Flags.integer({ summary: 'most lines', default: 50, min: 1, max: 10_000 }) }),
  };

  async run(): Promise<ResultOf<'deploy history'>> {
    const { flags } = await this.parse(DeployHistory);
    const { settings } = await this.settings();
    const store = storeFile(settings, ourSurroundings());
    const found = readDeployments(store, {
      limit: flags.limit,
      ...(flags.miner !== undefined && { miner: await this.addressOf(flags.miner) }),
    });
    for (const { at: when, action, model, share, why } of found) {
      const part = share === null ? '' : ` ${(share * 100).toFixed(0)} %`;
      this.say(`${localTime(when)}  ${action}${part}  ${model.name} ${model.version}: ${why}`);
    }
    if (found.length === 0) this.say('Nothing was done to the models of a miner yet.');
    return {
      store,
      deployments: found.map(({ figures, ...rest }) => ({
        ...rest,
        model: { ...rest.model },
        figures: figures === null ? null : JSON.parse(figures),
      })),
    };
  }
}
