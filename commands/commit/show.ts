import { Flags } from '@oclif/core';
import {
  type Commitment,
  readCommitment,
  readCommitmentSpace,
  readCommitments,
} from '../../src/chain/index.ts';
import { ChainCommand, type Column, table } from '../../src/chain-ui/index.ts';
import { Sv72Error } from '../../src/errors/index.ts';
import type { ResultOf } from '../../src/results/index.ts';
import { networkFlags, walletFlags, withEnv } from '../../src/ui/index.ts';
import { isSs58, loadPublicKey } from '../../src/wallet/index.ts';

interface Row {
  readonly hotkey: string;
  readonly commitment: Commitment;
}

export default class CommitShow extends ChainCommand {
  static override summary = 'Show what a hotkey, or everybody on the subnet, has committed on chain.';
  static override examples = [
    '<%= config.bin %> commit show',
    '<%= config.bin %> commit show --all',
    '<%= config.bin %> commit show --hotkey-address 5F… --json',
  ];
  static override flags = {
    ...walletFlags,
    ...networkFlags,
    ...withEnv({
      'hotkey-address': Flags.string({
        summary: 'address of a hotkey that is not of the wallet',
        exclusive: ['all'],
      }),
      all: Flags.boolean({ char: 'a', summary: 'everybody on the subnet' }),
    }),
  };

  async run(): Promise<ResultOf<'commit show'>> {
    const { flags } = await this.parse(CommitShow);
    const hotkey = flags.all ? undefined : await this.hotkeyAddress(flags['hotkey-address']);
    return await this.withChain(async ({ chain, netuid, settings }) => {
      const head = await chain.head();
      const reads = await chain.at(head.hash);
      const space = hotkey === undefined ? undefined : await readCommitmentSpace(reads, netuid, hotkey);
      const one = hotkey === undefined ? undefined : await readCommitment(reads, netuid, hotkey);
      const rows: readonly Row[] =
        hotkey === undefined
          ? await readCommitments(reads, netuid)
          : one
            ? [{ hotkey, commitment: one }]
            : [];
      const columns: Column<Row>[] = [
        { name: 'hotkey', value: (row) => row.hotkey },
        { name: 'block', align: 'right', value: (row) => String(row.commitment.block) },
        {
          name: 'committed',
          value: ({ commitment }) => commitment.text ?? `(${commitment.kinds.join(', ')})`,
        },
      ];
      if (rows.length === 0) this.say('Nothing is committed.');
      else for (const line of table(columns, rows)) this.say(line);
      if (space) this.say(`${space.left} of ${space.limit} bytes are left in this epoch.`);
      return {
        network: settings.network,
        netuid,
        block: head.number,
        space: space ?? null,
        commitments: rows.map((row) => ({
          hotkey: row.hotkey,
          text: row.commitment.text ?? null,
          kinds: [...row.commitment.kinds],
          block: row.commitment.block,
        })),
      };
    });
  }

  private async hotkeyAddress(given: string | undefined): Promise<string> {
    if (given === undefined) return loadPublicKey(await this.location('hotkey')).ss58;
    if (isSs58(given)) return given;
    throw new Sv72Error('ERR_ADDRESS', 'What was given with --hotkey-address is not a Bittensor address.');
  }
}
