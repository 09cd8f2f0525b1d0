import { Flags } from '@oclif/core';
import { formatTao, taoJson } from '../../src/amount/index.ts';
import { readProxies } from '../../src/chain/index.ts';
import { ChainCommand, table } from '../../src/chain-ui/index.ts';
import { Sv72Error } from '../../src/errors/index.ts';
import type { ResultOf } from '../../src/results/index.ts';
import { networkFlags, walletFlags, withEnv } from '../../src/ui/index.ts';
import { isSs58 } from '../../src/wallet/index.ts';

export default class ProxyList extends ChainCommand {
  static override summary =
    'Show which keys may act for a coldkey, for what, and the deposit that is reserved for it.';
  static override examples = [
    '<%= config.bin %> proxy list -w main',
    '<%= config.bin %> proxy list --account 5F… --json',
  ];
  static override flags = {
    'wallet-name': walletFlags['wallet-name'],
    'wallet-path': walletFlags['wallet-path'],
    network: networkFlags.network,
    ...withEnv({
      account: Flags.string({ summary: 'address of the account, instead of the wallet’s coldkey' }),
    }),
  };

  async run(): Promise<ResultOf<'proxy list'>> {
    const { flags } = await this.parse(ProxyList);
    const account = flags.account ?? this.coldkeyAddress(await this.location('coldkey')).ss58;
    if (!isSs58(account))
      throw new Sv72Error('ERR_ADDRESS', '--account takes an address, 48 characters from 5.');
    return await this.withChain(async ({ chain }) => {
      const { proxies, deposit } = await readProxies(chain, account);
      if (proxies.length === 0) this.say(`Nobody may act for ${account}.`);
      else {
        const columns = [
          { name: 'delegate', value: (one: (typeof proxies)[number]) => one.delegate },
          { name: 'type', value: (one: (typeof proxies)[number]) => one.type },
          {
            name: 'delay',
            value: (one: (typeof proxies)[number]) => `${one.delay}`,
            align: 'right' as const,
          },
        ];
        for (const line of table(columns, proxies)) this.say(line);
        this.say(`${formatTao(deposit)} are reserved for that.`);
      }
      return {
        network: chain.identity.network,
        account,
        deposit: taoJson(deposit),
        proxies: proxies.map(({ delegate, type, delay }) => ({ delegate, type, delay })),
      };
    });
  }
}
