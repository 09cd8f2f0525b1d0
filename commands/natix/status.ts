import { Flags } from '@oclif/core';
import { ChainCommand, natixFlags, registeredUid } from '../../src/chain-ui/index.ts';
import { natixServer } from '../../src/natix/index.ts';
import type { ResultOf } from '../../src/results/index.ts';
import { networkFlags, walletFlags, withEnv } from '../../src/ui/index.ts';
import { loadPublicKey } from '../../src/wallet/index.ts';

const PENDING = 4;

export default class NatixStatus extends ChainCommand {
  static override summary = 'Where a registration with NATIX’s own server stands.';
  static override description =
    'Asks the server by UID; no key is opened. The exit code is 0 when NATIX has it, 4 while it is pending, 1 when it failed, belongs to another hotkey or is unknown there.';
  static override examples = [
    '<%= config.bin %> natix status',
    '<%= config.bin %> natix status --uid 88 --json',
  ];
  static override flags = {
    ...walletFlags,
    ...networkFlags,
    'natix-url': natixFlags['natix-url'],
    ...withEnv({
      uid: Flags.integer({
        summary: 'the miner’s UID; read from the chain unless given',
        min: 0,
        max: 65_535,
      }),
    }),
  };

  async run(): Promise<ResultOf<'natix status'>> {
    const { flags } = await this.parse(NatixStatus);
    const server = natixServer({ url: flags['natix-url'] });
    const hotkey = flags.uid === undefined ? loadPublicKey(await this.location('hotkey')).ss58 : undefined;
    const uid = flags.uid ?? (await this.uidOf(hotkey ?? ''));
    const status = await server.status(uid);
    const state = status?.state ?? 'unregistered';
    const own = hotkey === undefined || status?.hotkey === undefined ? null : status.hotkey === hotkey;
    const whose = own === false ? `, for another hotkey: ${status?.hotkey}` : '';
    this.say(`UID ${uid}: ${state}${status?.error === undefined ? '' : `, ${status.error}`}${whose}`);
    if (state === 'pending' && own !== false) process.exitCode = PENDING;
    else if (state !== 'succeeded' || own === false) process.exitCode = 1;
    return {
      server: server.url,
      uid,
      hotkey: status?.hotkey ?? null,
      own,
      state,
      word: status?.word ?? null,
      error: status?.error ?? null,
    };
  }

  private async uidOf(hotkey: string): Promise<number> {
    return await this.withChain(({ chain, netuid }) => registeredUid(chain, netuid, hotkey));
  }
}
