import { Args, Flags } from '@oclif/core';
import { formatTao, rao, taoJson } from '../src/amount/index.ts';
import { readAccount, readStakesWorth, spendable } from '../src/chain/index.ts';
import { ChainCommand, table } from '../src/chain-ui/index.ts';
import { Sv72Error } from '../src/errors/index.ts';
import type { ResultOf } from '../src/results/index.ts';
import { networkFlags, walletFlags, withEnv } from '../src/ui/index.ts';
import { isSs58, listWallets } from '../src/wallet/index.ts';

interface Owner {
  readonly name: string | undefined;
  readonly ss58: string;
}

export default class Balance extends ChainCommand {
  static override summary = 'Show the TAO of a coldkey: free, reserved, and what its stake is worth.';
  static override examples = [
    '<%= config.bin %> balance',
    '<%= config.bin %> balance --all',
    '<%= config.bin %> balance 5F3sa2TJAWMqDhXG6jhV4N8ko9SxwGy8TpaNS1repo5EYjQX --json',
  ];
  static override args = {
    address: Args.string({ description: 'an address instead of the wallet’s coldkey' }),
  };
  static override flags = {
    'wallet-name': walletFlags['wallet-name'],
    'wallet-path': walletFlags['wallet-path'],
    network: networkFlags.network,
    ...withEnv({ all: Flags.boolean({ char: 'a', summary: 'all wallets of the folder' }) }),
  };

  async run(): Promise<ResultOf<'balance'>> {
    const { args, flags } = await this.parse(Balance);
    const owners = await this.owners(args.address, flags.all);
    return await this.withChain(async ({ chain, settings }) => {
      const head = await chain.head();
      const reads = await chain.at(head.hash);
      const ed = rao(chain.existentialDeposit);
      const accounts = await this.progress('Reading balances', () =>
        Promise.all(
          owners.map(async ({ name, ss58 }) => {
            const [funds, staked] = await Promise.all([
              readAccount(reads, ss58),
              readStakesWorth(reads, ss58),
            ]);
            return { name, ss58, funds, staked, spendable: spendable(funds, ed, true) };
          }),
        ),
      );
      const columns = [
        { name: 'wallet', value: ({ name }: (typeof accounts)[0]) => name ?? '-' },
        { name: 'address', value: ({ ss58 }: (typeof accounts)[0]) => ss58 },
        {
          name: 'free',
          align: 'right' as const,
          value: (row: (typeof accounts)[0]) => formatTao(row.funds.free),
        },
        {
          name: 'reserved',
          align: 'right' as const,
          value: (row: (typeof accounts)[0]) => formatTao(row.funds.reserved),
        },
        {
          name: 'stake, worth',
          align: 'right' as const,
          value: (row: (typeof accounts)[0]) => (row.staked === undefined ? '?' : formatTao(row.staked)),
        },
      ];
      for (const line of table(columns, accounts)) this.say(line);
      return {
        network: settings.network,
        block: head.number,
        accounts: accounts.map((account) => ({
          name: account.name ?? null,
          ss58: account.ss58,
          free: taoJson(account.funds.free),
          reserved: taoJson(account.funds.reserved),
          spendable: taoJson(account.spendable),
          staked: account.staked === undefined ? null : taoJson(account.staked),
        })),
      };
    });
  }

  private async owners(address: string | undefined, all: boolean): Promise<Owner[]> {
    if (address !== undefined) {
      if (!isSs58(address)) throw new Sv72Error('ERR_ADDRESS', 'The argument is not a Bittensor address.');
      return [{ name: undefined, ss58: address }];
    }
    if (!all) {
      const location = await this.location('coldkey');
      return [{ name: location.wallet, ss58: this.coldkeyAddress(location).ss58 }];
    }
    const root = await this.root();
    return listWallets(root).flatMap(({ name, coldkey }) =>
      coldkey?.ss58 === undefined ? [] : [{ name, ss58: coldkey.ss58 }],
    );
  }
}
