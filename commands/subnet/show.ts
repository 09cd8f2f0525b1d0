import { taoJson } from '../../src/amount/index.ts';
import {
  priceMovement,
  readHyperparameters,
  readPaying,
  readPrice,
  readPriceHistory,
  readPriceRule,
  readSubnet,
} from '../../src/chain/index.ts';
import { type At, block, ChainCommand } from '../../src/chain-ui/index.ts';
import { Sv72Error } from '../../src/errors/index.ts';
import type { ResultOf } from '../../src/results/index.ts';
import {
  hyperparameterJson,
  hyperparameterLines,
  payingJson,
  payingLines,
  priceText,
  subnetPairs,
} from '../../src/standing/index.ts';
import { networkFlags } from '../../src/ui/index.ts';

export default class SubnetShow extends ChainCommand {
  static override summary =
    'Show what the subnet is, whether it pays, what a place costs, and its settings in words.';
  static override examples = [
    '<%= config.bin %> subnet show',
    '<%= config.bin %> subnet show --netuid 1 --json',
  ];
  static override flags = networkFlags;

  async run(): Promise<ResultOf<'subnet show'>> {
    await this.parse(SubnetShow);
    return await this.withChain(async (at) => {
      const { chain, netuid, settings } = at;
      const found = await this.progress('Reading the subnet', () => read(at));
      const { head, subnet, price, rule, history, paying, parameters } = found;
      const where = { block: head.number, blockMs: chain.blockMs, price };
      for (const line of block(subnetPairs(subnet, where))) this.say(line);
      this.say(priceText(rule, priceMovement(history, rule), chain.blockMs));
      this.say();
      for (const line of payingLines(paying, netuid)) this.say(line);
      for (const line of hyperparameterLines(parameters, chain.blockMs)) this.say(line);
      return {
        network: settings.network,
        netuid,
        block: head.number,
        name: subnet.name ?? null,
        symbol: subnet.symbol ?? null,
        owner_coldkey: subnet.ownerColdkey,
        owner_hotkey: subnet.ownerHotkey,
        registered_at: subnet.registeredAt,
        uids: subnet.uids,
        max_uids: subnet.maxUids,
        tempo: subnet.tempo,
        next_epoch: subnet.nextEpoch ?? null,
        registration_price: taoJson(price),
        alpha_price: taoJson(subnet.alphaPrice),
        moving_price: subnet.movingPrice,
        emission_enabled: subnet.emissionEnabled ?? null,
        paying: payingJson(paying),
        hyperparameters: parameters.map((one) => hyperparameterJson(one, chain.blockMs)),
      };
    });
  }
}

async function read({ chain, netuid, settings, archive }: At) {
  const head = await chain.head();
  const reads = await chain.at(head.hash);
  const subnet = await readSubnet(reads, netuid);
  if (!subnet) {
    throw new Sv72Error('ERR_NO_SUBNET', `There is no subnet ${netuid} on ${settings.network}.`);
  }
  const [price, rule, history, paying, parameters] = await Promise.all([
    readPrice(reads, netuid),
    readPriceRule(reads, netuid),
    readPriceHistory(chain, netuid),
    readPaying(chain, netuid, { archive }),
    readHyperparameters(reads, netuid),
  ]);
  return { head, subnet, price, rule, history, paying, parameters: parameters ?? [] };
}
