import { Flags } from '@oclif/core';
import { decodeIp } from '../../src/chain/index.ts';
import { AxonCommand } from '../../src/chain-ui/index.ts';
import { announcedPort } from '../../src/config/index.ts';
import { findLocalMiners } from '../../src/miner/index.ts';
import { compareAxon, placeText, probe, probeText } from '../../src/presence/index.ts';
import type { ResultOf } from '../../src/results/index.ts';
import { networkFlags, settingFlag, settingListFlag, walletFlags, withEnv } from '../../src/ui/index.ts';

const EXITS = { ok: 0, warning: 10, failed: 20 } as const;

export default class AxonCheck extends AxonCommand {
  static override summary =
    'Compare the announced address with your settings and with what listens, and say what that proves.';
  static override description =
    'A connection from this machine to the announced address shows where it leads from here, and not that others get through: that is proved only by challenges that arrive. Where sv72.yaml lists `miners`, these are looked at. ' +
    'The exit code is that of the worst finding: 0 in order, 10 warnings, 20 something must be mended.';
  static override examples = [
    '<%= config.bin %> axon check',
    '<%= config.bin %> axon check --no-connect --json',
  ];
  static override flags = {
    ...walletFlags,
    hotkey: settingListFlag('wallet.hotkeys'),
    ...networkFlags,
    port: settingFlag('axon.port'),
    'external-ip': settingFlag('axon.external_ip'),
    'external-port': settingFlag('axon.external_port'),
    ...withEnv({
      connect: Flags.boolean({
        summary: 'connect to the announced address from this machine',
        default: true,
        allowNo: true,
      }),
    }),
  };

  async run(): Promise<ResultOf<'axon check'>> {
    const { flags } = await this.parse(AxonCheck);
    return await this.withHotkeys(async (at, files, missing) => {
      const { settings, netuid } = at;
      const [{ view, axons }, miners] = await Promise.all([this.ourAxons(at, files), findLocalMiners()]);
      const hotkeys = await Promise.all(
        axons.map(async ({ name, hotkey, miner: configured, listed, uid, axon }) => {
          const miner = miners.find((one) => one.hotkey === hotkey);
          const findings = compareAxon({
            name,
            netuid,
            uid,
            announced: axon,
            wanted: { ip: settings.axon.external_ip ?? undefined, port: announcedPort(configured) },
            mapped: configured.externalPort !== null,
            listening: miner,
            listed,
          });
          const host = axon && axon.ip !== 0n ? decodeIp(axon.ip, axon.ipType) : undefined;
          const proved =
            axon && host !== undefined && flags.connect
              ? probeText(placeText(axon), await probe(host, axon.port))
              : null;
          return {
            name,
            hotkey,
            uid: uid ?? null,
            announced: this.announcedJson(axon),
            listening: miner ? { host: miner.host, port: miner.port, pid: miner.pid } : null,
            findings: findings.map(({ status, sentence, fix = null }) => ({ status, sentence, fix })),
            proved,
          };
        }),
      );
      for (const { findings, proved } of hotkeys) {
        for (const { status, sentence, fix } of findings) {
          this.say(`${(status === 'ok' ? 'ok' : status.toUpperCase()).padEnd(8)} ${sentence}`);
          if (fix !== null) this.say(`         → ${fix}`);
        }
        if (proved !== null) this.say(`         ${proved}`);
      }
      for (const { error } of missing) {
        this.say(`FAILED   ${error.message}`);
        this.say(`         → ${error.next}`);
      }
      const all = hotkeys.flatMap(({ findings }) => findings.map(({ status }) => status));
      const status =
        missing.length > 0 || all.includes('failed') ? 'failed' : all.includes('warning') ? 'warning' : 'ok';
      process.exitCode = EXITS[status];
      return {
        network: settings.network,
        netuid,
        block: view.block,
        status,
        hotkeys,
        missing: this.missingJson(missing),
      };
    });
  }
}
