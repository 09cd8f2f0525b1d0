import { Flags } from '@oclif/core';
import {
  type Alpha,
  alpha,
  alphaJson,
  formatAlpha,
  formatTao,
  parseTao,
  type Rao,
  rao,
  taoJson,
} from '../../src/amount/index.ts';
import {
  type Chain,
  estimateFee,
  type Included,
  limitPrice,
  readAccount,
  readAvailability,
  readQuote,
  readStake,
  type StakePosition,
  soldStake,
  worth,
} from '../../src/chain/index.ts';
import { block, ChainCommand, includedJson, requiredAmount, sendFlags } from '../../src/chain-ui/index.ts';
import { Sv72Error } from '../../src/errors/index.ts';
import type { ResultOf } from '../../src/results/index.ts';
import { networkFlags, walletFlags, withEnv } from '../../src/ui/index.ts';
import { isSs58, loadPublicKey } from '../../src/wallet/index.ts';

export default class StakeRemove extends ChainCommand {
  static override summary = 'Take stake out: sell alpha for TAO, at a price limit that the chain holds.';
  static override description =
    'For what a miner has earned. Shows what it would bring now and the lowest price it may be sold at; below that the chain refuses, ' +
    'or with --partial sells only as much as the limit allows.';
  static override examples = [
    '<%= config.bin %> stake remove --amount 10',
    '<%= config.bin %> stake remove --all --max-slippage 2 --dry-run',
    '<%= config.bin %> stake remove --hotkey-address 5F… --amount 10 --min-price 0.012 --yes',
  ];
  static override flags = {
    ...walletFlags,
    ...networkFlags,
    ...withEnv({
      'hotkey-address': Flags.string({ summary: 'address of the hotkey, when it is not of the wallet' }),
      amount: Flags.string({ summary: 'alpha to take out', aliases: ['amount-alpha'], exclusive: ['all'] }),
      all: Flags.boolean({ summary: 'all that can be taken out' }),
      'max-slippage': Flags.string({
        summary: 'per cent below the price now that it may be sold at',
        default: '1',
        exclusive: ['min-price'],
      }),
      'min-price': Flags.string({ summary: 'lowest price, TAO for one alpha, instead of a percentage' }),
      partial: Flags.boolean({
        summary: 'when the limit does not allow all, sell what it allows',
        default: false,
      }),
    }),
    ...sendFlags,
  };

  async run(): Promise<ResultOf<'stake remove'>> {
    const { flags } = await this.parse(StakeRemove);
    const limitAt = limitOf(flags);
    const location = await this.location('coldkey');
    const { ss58: coldkey, publicKey } = this.coldkeyAddress(location);
    const hotkey = await this.hotkeyAddress(flags['hotkey-address']);
    const wanted = flags.all
      ? undefined
      : alpha(await requiredAmount(flags.amount, 'alpha', '--amount or --all', this.ask));
    return await this.withChain(async ({ chain, netuid, settings }) => {
      const position = await readStake(chain, { netuid, hotkey, coldkey });
      const amount = await affordable(chain, position, wanted, netuid);
      const quote = await readQuote(chain, netuid, amount);
      const limit = limitAt(quote.price);
      const call = chain.compose('SubtensorModule', 'remove_stake_limit', {
        hotkey,
        netuid,
        amount_unstaked: amount,
        limit_price: limit,
        allow_partial: flags.partial,
      });
      const [fee, funds] = await Promise.all([
        estimateFee(chain, call, publicKey).then(rao),
        readAccount(chain, coldkey),
      ]);
      for (const line of block([
        ['hotkey', hotkey],
        ['sell', `${formatAlpha(amount, netuid)} of ${formatAlpha(position?.stake ?? alpha(0n), netuid)}`],
        [
          'brings',
          `${formatTao(quote.tao)} now, ${percent(quote.slippage)} below the price of ${formatTao(quote.price)}`,
        ],
        [
          'limit',
          `${formatTao(limit)} for one alpha, so ${formatTao(worth(amount, limit))} in all at least${flags.partial ? ', or less of it sold' : ''}`,
        ],
        [
          'fee',
          `${formatTao(fee)}${funds.free < fee ? ' (taken in alpha, as there is too little TAO)' : ''}`,
        ],
      ])) {
        this.say(line);
      }
      if (quote.price < limit) {
        throw new Sv72Error(
          'ERR_STAKE_LIMIT',
          `The price now, ${formatTao(quote.price)} for one alpha, is below the limit of ${formatTao(limit)}, so nothing at all could be sold.`,
          { next: 'Wait for a better price, or give a lower --min-price.' },
        );
      }
      if (quote.tao < worth(amount, limit) && !flags.partial) {
        throw new Sv72Error(
          'ERR_STAKE_LIMIT',
          `The sale would bring ${formatTao(quote.tao)} now, and the limit asks for ${formatTao(worth(amount, limit))}, so the chain would refuse it.`,
        );
      }
      const sent = await this.send({
        chain,
        call,
        from: location,
        flags,
        agree: { expected: formatAlpha(amount, netuid).split(' ')[0] ?? '', what: 'the amount of alpha' },
      });
      const sold = sent && soldStake(sent.events, { hotkey, netuid });
      if (sent) this.say(soldText(sent, { sold, asked: amount, netuid }));
      return {
        network: settings.network,
        netuid,
        hotkey,
        coldkey,
        alpha: alphaJson(amount, netuid),
        quote: taoJson(quote.tao),
        slippage: quote.slippage,
        limit_price: taoJson(limit),
        partial: flags.partial,
        fee: taoJson(fee),
        sold: sold === undefined ? null : alphaJson(sold.alpha, netuid),
        received: sold === undefined ? null : taoJson(sold.tao),
        call: call.hex,
        included: includedJson(sent),
      };
    });
  }

  private async hotkeyAddress(given: string | undefined): Promise<string> {
    if (given === undefined) return loadPublicKey(await this.location('hotkey')).ss58;
    if (isSs58(given)) return given;
    throw new Sv72Error('ERR_ADDRESS', 'What was given with --hotkey-address is not a Bittensor address.');
  }
}

/** How much is sold: what is wanted, or all there is. @throws ERR_STAKE_UNAVAILABLE */
async function affordable(
  chain: Chain,
  position: StakePosition | undefined,
  wanted: Alpha | undefined,
  netuid: number,
): Promise<Alpha> {
  if (!position || position.stake === 0n) {
    throw new Sv72Error(
      'ERR_STAKE_UNAVAILABLE',
      `The coldkey has no stake on this hotkey on subnet ${netuid}.`,
    );
  }
  const { available, locked } = await readAvailability(chain, position);
  const amount = wanted ?? available;
  if (amount > 0n && amount <= available) return amount;
  const held = locked > 0n ? `, ${formatAlpha(locked, netuid)} are locked` : '';
  throw new Sv72Error(
    'ERR_STAKE_UNAVAILABLE',
    `${formatAlpha(available, netuid)} of ${formatAlpha(position.stake, netuid)} can be taken out${held}.`,
  );
}

/** The lowest price, for the price now. @throws ERR_USAGE, ERR_AMOUNT for what is no percentage or price */
function limitOf(flags: { 'max-slippage': string; 'min-price'?: string | undefined }): (price: Rao) => Rao {
  const least = flags['min-price'];
  if (least !== undefined) {
    const limit = parseTao(least);
    if (limit === undefined) throw new Sv72Error('ERR_AMOUNT', `"${least}" is no price in TAO.`);
    return () => limit;
  }
  const slippage = flags['max-slippage'].trim().replace(/\s*%$/, '');
  const percent = slippage === '' ? Number.NaN : Number(slippage);
  limitPrice(rao(0n), percent);
  return (price) => limitPrice(price, percent);
}

/** With --partial, how much of it was really sold. */
function soldText(
  { block: { number } }: Included,
  { sold, asked, netuid }: { sold: ReturnType<typeof soldStake>; asked: Alpha; netuid: number },
): string {
  if (sold === undefined) return `Done in block ${number}.`;
  const left = asked - sold.alpha;
  const rest = left > 0n ? `; ${formatAlpha(alpha(left), netuid)} stayed, as the limit allowed no more` : '';
  return `Sold ${formatAlpha(sold.alpha, netuid)} for ${formatTao(sold.tao)} in block ${number}${rest}.`;
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(3))} %`;
}
