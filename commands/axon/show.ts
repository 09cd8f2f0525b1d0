import { servingWait } from '../../src/chain/index.ts';
import { AxonCommand, block } from '../../src/chain-ui/index.ts';
import { placeText } from '../../src/presence/index.ts';
import type { ResultOf } from '../../src/results/index.ts';
import { networkFlags, settingListFlag, walletFlags } from '../../src/ui/index.ts';

export default class AxonShow extends AxonCommand {
  static override summary =
    'Show the address that the chain has of your hotkeys, where validators look for them.';
  static override description =
    'Where sv72.yaml lists `miners`, these are shown; --hotkey names some of them. The exit code is 1 where the key of one of them is missing.';
  static override examples = [
    '<%= config.bin %> axon show',
    '<%= config.bin %> axon show -w miner1 -H hk1 -H hk2 --json',
  ];
  static override flags = { ...walletFlags, hotkey: settingListFlag('wallet.hotkeys'), ...networkFlags };

  async run(): Promise<ResultOf<'axon show'>> {
    await this.parse(AxonShow);
    return await this.withHotkeys(async (at, files, missing) => {
      const { view, axons } = await this.ourAxons(at, files);
      const { servingRateLimit } = view;
      const hotkeys = axons.map(({ name, hotkey, uid, axon, prometheus }) => {
        const last = axon && { protocol: 0, ...axon };
        const next = servingWait(last, view.block + 1, servingRateLimit);
        const announced = this.announcedJson(axon);
        const metrics = this.announcedJson(prometheus);
        const lines: [string, string][] = [
          ['hotkey', `${name}  ${hotkey}`],
          ['uid', uid === undefined ? `none on subnet ${at.netuid}` : String(uid)],
          ['announced', announced ? `${announced.address}, since block ${announced.block}` : 'nothing'],
          ...(metrics && prometheus ? [['prometheus', placeText(prometheus)] as [string, string]] : []),
          ['next', next === 0 ? 'may be changed now' : `may be changed in ${next} blocks`],
        ];
        for (const line of block(lines)) this.say(line);
        this.say();
        return { name, hotkey, uid: uid ?? null, announced, prometheus: metrics, next_in: next };
      });
      for (const { name, error } of missing) {
        const lines: [string, string][] = [
          ['hotkey', name],
          ['missing', error.message],
          ['', error.next],
        ];
        for (const line of block(lines)) this.say(line);
        this.say();
      }
      if (missing.length > 0) process.exitCode = 1;
      return {
        network: at.settings.network,
        netuid: at.netuid,
        block: view.block,
        serving_rate_limit: servingRateLimit,
        hotkeys,
        missing: this.missingJson(missing),
      };
    });
  }
}
