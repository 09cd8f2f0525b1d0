import { Flags } from '@oclif/core';
import { AxonCommand, sendFlags } from '../../src/chain-ui/index.ts';
import { RESET } from '../../src/presence/index.ts';
import type { ResultOf } from '../../src/results/index.ts';
import { networkFlags, settingListFlag, walletFlags, withEnv } from '../../src/ui/index.ts';

export default class AxonReset extends AxonCommand {
  static override summary = 'Take the announced address back, so that validators ask no more.';
  static override description =
    'Announces the address 0.0.0.0, which validators take as not serving. Signed by the hotkey, without a fee. A running `serve` would announce its own again: stop it first. ' +
    'Where sv72.yaml lists several `miners`, name one with --hotkey, or take --all.';
  static override examples = ['<%= config.bin %> axon reset', '<%= config.bin %> axon reset --wait'];
  static override hiddenAliases = ['misc:axon:reset'];
  static override flags = {
    ...walletFlags,
    hotkey: settingListFlag('wallet.hotkeys'),
    ...networkFlags,
    ...withEnv({
      all: Flags.boolean({
        summary: 'all miners that sv72.yaml lists under `miners`',
        exclusive: ['hotkey'],
      }),
      wait: Flags.boolean({ summary: 'wait until the chain takes another announcement' }),
    }),
    ...sendFlags,
  };

  async run(): Promise<ResultOf<'axon reset'>> {
    const { flags } = await this.parse(AxonReset);
    return await this.withChosenHotkeys(flags, async (at, files) => {
      const { view, axons } = await this.registeredAxons(at, files);
      const announcements: ResultOf<'axon reset'>['announcements'] = [];
      for (const own of axons) announcements.push(await this.announceOne(at, view, own, RESET, flags));
      return { network: at.settings.network, netuid: at.netuid, announcements };
    });
  }
}
