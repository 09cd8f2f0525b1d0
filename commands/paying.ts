import { Flags } from '@oclif/core';
import { type Head, type Paying, readPaying } from '../src/chain/index.ts';
import { type At, ChainCommand, watchFlags } from '../src/chain-ui/index.ts';
import type { ResultOf } from '../src/results/index.ts';
import { notify, payingExit, payingJson, payingLines, verdictText } from '../src/standing/index.ts';
import { networkFlags, withEnv } from '../src/ui/index.ts';
import { withoutPasswords } from '../src/wallet/index.ts';

export default class PayingNow extends ChainCommand {
  static override summary = 'Say whether the subnet pays its miners now, why, and since when not.';
  static override description =
    'Reads the chain’s state and judges it; what the runtime or the endpoint does not tell is said to be unknown. ' +
    'The exit code is the verdict: 0 it pays, 10 it pays nobody, 11 unknown. With --watch it is that of the last look.';
  static override examples = [
    '<%= config.bin %> paying',
    '<%= config.bin %> paying --netuid 72 --json',
    '<%= config.bin %> paying --watch --notify-command \'mail -s "subnet $SV72_NETUID: $SV72_VERDICT" me@example.org </dev/null\'',
  ];
  static override flags = {
    ...networkFlags,
    ...watchFlags,
    ...withEnv({
      'notify-command': Flags.string({
        summary:
          'with --watch: run this in a shell when the verdict changes (SV72_VERDICT, SV72_PREVIOUS, …)',
        dependsOn: ['watch'],
      }),
      history: Flags.boolean({
        summary: 'look for the last epoch with pay when there was none in the last one',
        default: true,
        allowNo: true,
      }),
    }),
  };

  async run(): Promise<ResultOf<'paying'>> {
    const { flags } = await this.parse(PayingNow);
    return await this.withChain(async (at) => {
      const options = { archive: at.archive, history: flags.history };
      const once = async () => await readPaying(at.chain, at.netuid, options);
      let paying = await this.progress('Reading the chain', once);
      const result = (block: number) => ({
        network: at.settings.network,
        netuid: at.netuid,
        block,
        ...payingJson(paying),
      });
      let { number } = await at.chain.head();
      for (const line of payingLines(paying, at.netuid)) this.say(line);
      if (flags.watch) {
        this.tellLook(result(number));
        for await (const head of this.watching(at.chain, flags.every)) {
          const next = await this.orMissed(once);
          if (!next) continue;
          if (next.verdict !== paying.verdict)
            await this.changed(at, head, paying, next, flags['notify-command']);
          paying = next;
          number = head.number;
          this.tellLook(result(number));
        }
      }
      process.exitCode = payingExit(paying.verdict);
      return result(number);
    });
  }

  /** Says that the verdict has changed, and runs the person's command. */
  private async changed(
    { netuid, settings }: At,
    head: Head,
    before: Paying,
    paying: Paying,
    command: string | undefined,
  ): Promise<void> {
    const message = verdictText(paying, netuid);
    this.say(`Block ${head.number}: ${message}`);
    if (command === undefined) return;
    const { ok, problem } = await notify({
      command,
      env: withoutPasswords(process.env),
      variables: {
        SV72_VERDICT: paying.verdict,
        SV72_PREVIOUS: before.verdict,
        SV72_NETUID: String(netuid),
        SV72_NETWORK: settings.network,
        SV72_BLOCK: String(head.number),
        SV72_MESSAGE: message,
      },
    });
    if (!ok) this.note(`Warning: the notification command failed (${problem}).`);
  }
}
