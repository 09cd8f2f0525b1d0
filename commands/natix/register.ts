import { Flags } from '@oclif/core';
import { ChainCommand, natixFlags, registeredUid } from '../../src/chain-ui/index.ts';
import { natixServer, registerWithNatix } from '../../src/natix/index.ts';
import type { ResultOf } from '../../src/results/index.ts';
import { networkFlags, walletFlags, withEnv } from '../../src/ui/index.ts';
import { unlockFlags } from '../../src/wallet-ui/index.ts';

const PENDING = 4;

export default class NatixRegister extends ChainCommand {
  static override summary = 'Register a miner with NATIX’s own server (optional: mining does not need it).';
  static override description =
    'Sends one registration signed by the hotkey, or takes up an earlier one: what is pending is not sent again. The hotkey has to have a UID. ' +
    'The exit code is 0 when NATIX has it, 4 while it is pending (run it again later; it took others days), 1 when it failed or was refused, 3 when the server cannot be reached.';
  static override examples = [
    '<%= config.bin %> natix register --model-repo user/model',
    '<%= config.bin %> natix register -w main -H miner1 --model-repo user/model --wait 180',
  ];
  static override flags = {
    ...walletFlags,
    ...networkFlags,
    ...natixFlags,
    ...withEnv({
      uid: Flags.integer({
        summary: 'the miner’s UID; read from the chain unless given',
        min: 0,
        max: 65_535,
      }),
      wait: Flags.integer({ summary: 'seconds to wait for the end', default: 30, min: 0, max: 86_400 }),
    }),
    ...unlockFlags,
  };

  async run(): Promise<ResultOf<'natix register'>> {
    const { flags } = await this.parse(NatixRegister);
    const modelRepo =
      flags['model-repo'] ??
      (await this.ask.text({ flag: '--model-repo', message: 'Your model on Hugging Face, user/name:' }));
    const server = natixServer({ url: flags['natix-url'] });
    const hotkey = await this.unlock(await this.location('hotkey'), flags);
    const uid = flags.uid ?? (await this.uidOf(hotkey.ss58));
    const result = await this.progress('Waiting for NATIX', () =>
      registerWithNatix({ server, uid, hotkey, modelRepo, waitMs: flags.wait * 1_000 }),
    );
    this.say(
      {
        succeeded: `NATIX has UID ${uid}.`,
        pending: `NATIX has not decided on UID ${uid} yet. Run the same command later: it goes on waiting.`,
        failed: `NATIX refused UID ${uid}: ${result.error ?? 'it does not say why'}.`,
      }[result.state],
    );
    if (result.state !== 'succeeded') process.exitCode = result.state === 'pending' ? PENDING : 1;
    return { server: server.url, hotkey: hotkey.ss58, uid, ...result };
  }

  private async uidOf(hotkey: string): Promise<number> {
    return await this.withChain(({ chain, netuid }) => registeredUid(chain, netuid, hotkey));
  }
}
