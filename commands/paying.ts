import { Flags } from '@oclif/core';
import { type Paying, readPaying } from '../src/chain/index.ts';
import { type At, ChainCommand, watchFlags } from '../src/chain-ui/index.ts';
import { Sv72Error } from '../src/errors/index.ts';
import type { ResultOf } from '../src/results/index.ts';
import { looks, notify, payingExit, payingJson, payingLines, verdictText } from '../src/standing/index.ts';
import { networkFlags, withEnv } from '../src/ui/index.ts';

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
      for (const line of payingLines(paying, at.netuid)) this.say(line);
      if (flags.watch) {
        const seconds = flags.every;
        paying = await this.watch(at, paying, seconds * 1_000, once, flags['notify-command']);
      }
      process.exitCode = payingExit(paying.verdict);
      const { number } = await at.chain.head();
      return { network: at.settings.network, netuid: at.netuid, block: number, ...payingJson(paying) };
    });
  }

  /** Goes on looking until Ctrl-C; says and notifies when the verdict changes. @returns the last look */
  private async watch(
    { chain, netuid, settings }: At,
    first: Paying,
    everyMs: number,
    look: () => Promise<Paying>,
    command: string | undefined,
  ): Promise<Paying> {
    let last = first;
    const stopped = new AbortController();
    const stop = () => stopped.abort();
    process.once('SIGINT', stop).once('SIGTERM', stop);
    this.note('Watching; Ctrl-C ends it.');
    try {
      for await (const head of looks({ chain, everyMs, signal: stopped.signal })) {
        const paying = await look().catch((error: unknown) => this.missed(error));
        if (!paying) continue;
        if (paying.verdict !== last.verdict) {
          this.say(`Block ${head.number}: ${verdictText(paying, netuid)}`);
          const end =
            command &&
            (await notify({
              command,
              variables: {
                SV72_VERDICT: paying.verdict,
                SV72_PREVIOUS: last.verdict,
                SV72_NETUID: String(netuid),
                SV72_NETWORK: settings.network,
                SV72_BLOCK: String(head.number),
                SV72_MESSAGE: verdictText(paying, netuid),
              },
            }));
          if (end && !end.ok) this.note(`Warning: the notification command failed (${end.problem}).`);
        }
        last = paying;
      }
    } finally {
      process.off('SIGINT', stop).off('SIGTERM', stop);
    }
    return last;
  }

  /** An endpoint that fails now and then does not end a watch. */
  private missed(error: unknown): undefined {
    if (!(error instanceof Sv72Error) || error.entry.who !== 'outside') throw error;
    this.note(`Warning: ${error.message} Looking again later.`);
  }
}
