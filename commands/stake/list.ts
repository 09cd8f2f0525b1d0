import { alphaJson, formatAlpha, formatTao, rao, taoJson } from '../../src/amount/index.ts';
import { readAvailability, readPrices, readStakes, worth } from '../../src/chain/index.ts';
import { ChainCommand, type Column, table } from '../../src/chain-ui/index.ts';
import type { ResultOf } from '../../src/results/index.ts';
import { networkFlags, walletFlags } from '../../src/ui/index.ts';
import { listWallet } from '../../src/wallet/index.ts';

export default class StakeList extends ChainCommand {
  static override summary =
    'List what the wallet’s coldkey has staked, where, and what of it can be taken out.';
  static override description =
    'A miner’s pay comes as stake of its coldkey on its hotkey. What is locked as collateral cannot be taken out; values are at the price now, slippage left out.';
  static override examples = [
    '<%= config.bin %> stake list',
    '<%= config.bin %> stake list -w miner1 --json',
  ];
  static override flags = {
    'wallet-name': walletFlags['wallet-name'],
    'wallet-path': walletFlags['wallet-path'],
    network: networkFlags.network,
  };

  async run(): Promise<ResultOf<'stake list'>> {
    await this.parse(StakeList);
    const location = await this.location('coldkey');
    const { ss58: coldkey } = this.coldkeyAddress(location);
    const own = listWallet(location.root, location.wallet)?.hotkeys ?? [];
    return await this.withChain(async ({ chain, settings }) => {
      const head = await chain.head();
      const reads = await chain.at(head.hash);
      const positions = (await readStakes(reads, coldkey)).filter(({ stake }) => stake > 0n);
      const [prices, availabilities] = await this.progress('Reading stakes', () =>
        Promise.all([
          readPrices(reads, positions),
          Promise.all(positions.map((position) => readAvailability(reads, position))),
        ]),
      );
      const rows = positions.map((position, index) => {
        const price = prices.get(position.netuid) ?? rao(0n);
        const { locked, available } = availabilities[index] ?? {
          locked: position.stake,
          available: position.stake,
        };
        const name = own.find(({ ss58 }) => ss58 === position.hotkey)?.name;
        return { ...position, name, price, locked, available, value: worth(position.stake, price) };
      });
      const total = rao(rows.reduce((sum, { value }) => sum + value, 0n));
      type Row = (typeof rows)[number];
      const columns: Column<Row>[] = [
        { name: 'subnet', align: 'right', value: ({ netuid }) => String(netuid) },
        {
          name: 'hotkey',
          value: ({ name, hotkey }) => (name === undefined ? hotkey : `${hotkey} (${name})`),
        },
        { name: 'stake', align: 'right', value: ({ stake, netuid }) => formatAlpha(stake, netuid) },
        { name: 'locked', align: 'right', value: ({ locked, netuid }) => formatAlpha(locked, netuid) },
        { name: 'price', align: 'right', value: ({ price }) => formatTao(price) },
        { name: 'worth', align: 'right', value: ({ value }) => formatTao(value) },
      ];
      if (rows.length === 0) this.say(`${location.wallet} (${coldkey}) has no stake.`);
      else for (const line of [...table(columns, rows), '', `Together ${formatTao(total)}`]) this.say(line);
      return {
        network: settings.network,
        block: head.number,
        coldkey,
        positions: rows.map(
          ({ netuid, hotkey, name, registered, stake, locked, available, emission, price, value }) => ({
            netuid,
            hotkey,
            hotkey_name: name ?? null,
            registered,
            stake: alphaJson(stake, netuid),
            locked: alphaJson(locked, netuid),
            available: alphaJson(available, netuid),
            emission: alphaJson(emission, netuid),
            price: taoJson(price),
            value: taoJson(value),
          }),
        ),
        total: taoJson(total),
      };
    });
  }
}
