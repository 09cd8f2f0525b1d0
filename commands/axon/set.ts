import { Flags } from '@oclif/core';
import { AxonCommand, type OwnHotkeyFile, sendFlags } from '../../src/chain-ui/index.ts';
import { announcedPort } from '../../src/config/index.ts';
import { Sv72Error } from '../../src/errors/index.ts';
import { type Announcement, announcedAddress, versionNumber } from '../../src/presence/index.ts';
import type { ResultOf } from '../../src/results/index.ts';
import { networkFlags, settingFlag, settingListFlag, walletFlags, withEnv } from '../../src/ui/index.ts';

export default class AxonSet extends AxonCommand {
  static override summary = 'Announce the address of your miner on chain; `serve` does it by itself.';
  static override description =
    'Signed by the hotkey, without a fee; nothing is sent when the chain has it already. Without --external-ip the address is taken from this machine’s interfaces, when they have exactly one public one: no outside service is asked. ' +
    'Where sv72.yaml lists several `miners`, name one with --hotkey, which has its own port then, or take --all.';
  static override examples = [
    '<%= config.bin %> axon set --external-ip 192.0.2.7 --external-port 40091',
    '<%= config.bin %> axon set -w miner1 -H hk1 --wait',
    '<%= config.bin %> axon set --all',
  ];
  static override hiddenAliases = ['misc:axon:set'];
  static override flags = {
    ...walletFlags,
    hotkey: settingListFlag('wallet.hotkeys'),
    ...networkFlags,
    host: settingFlag('axon.host'),
    port: settingFlag('axon.port'),
    'external-ip': settingFlag('axon.external_ip'),
    'external-port': settingFlag('axon.external_port'),
    'prometheus-port': settingFlag('axon.prometheus_port'),
    ...withEnv({
      all: Flags.boolean({
        summary: 'all miners that sv72.yaml lists under `miners`',
        exclusive: ['hotkey', 'port', 'external-port'],
      }),
      'force-announce': Flags.boolean({
        summary:
          'announce an address that not everybody can reach, too (private, CGNAT, …); 127.0.0.1 and ::1 the chain itself refuses',
      }),
      wait: Flags.boolean({ summary: 'wait until the chain takes another announcement' }),
    }),
    ...sendFlags,
  };

  async run(): Promise<ResultOf<'axon set'>> {
    const { flags } = await this.parse(AxonSet);
    const { settings } = await this.settings();
    const { external_ip, host, prometheus_port } = settings.axon;
    const { ip } = announcedAddress({ externalIp: external_ip, host, force: flags['force-announce'] });
    const version = versionNumber(this.config.version);
    return await this.withChosenHotkeys(flags, async (at, files) => {
      const { view, axons } = await this.registeredAxons(at, files);
      const announcements: ResultOf<'axon set'>['announcements'] = [];
      const places = axons.map((own) => ({ own, port: portOf(own) }));
      for (const { own, port } of places) {
        const wanted: Announcement[] = [{ kind: 'axon', version, ip, port }];
        if (prometheus_port !== null) wanted.push({ kind: 'prometheus', version, ip, port: prometheus_port });
        for (const one of wanted) announcements.push(await this.announceOne(at, view, own, one, flags));
      }
      return { network: settings.network, netuid: at.netuid, announcements };
    });
  }
}

/** @throws ERR_ANNOUNCE_PORT */
function portOf({ name, miner }: OwnHotkeyFile): number {
  const port = announcedPort(miner);
  if (port !== undefined && port <= 65_535) return port;
  throw new Sv72Error('ERR_ANNOUNCE_PORT', `There is no port to announce for "${name}".`);
}
