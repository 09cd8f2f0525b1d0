import { Flags } from '@oclif/core';
import { formatTao, type Rao, rao, taoJson } from '../src/amount/index.ts';
import {
  type Account,
  type Call,
  type Chain,
  estimateFee,
  readAccount,
  spendable,
} from '../src/chain/index.ts';
import { block, ChainCommand, includedJson, requiredAmount, sendFlags } from '../src/chain-ui/index.ts';
import { Sv72Error } from '../src/errors/index.ts';
import type { ResultOf } from '../src/results/index.ts';
import { networkFlags, walletFlags, withEnv } from '../src/ui/index.ts';
import { isSs58, type PublicKey } from '../src/wallet/index.ts';

interface Plan {
  readonly call: Call;
  readonly amount: Rao;
  readonly fee: Rao;
  readonly remaining: Rao;
}

export default class Transfer extends ChainCommand {
  static override summary = 'Send TAO from the wallet’s coldkey to an address.';
  static override description =
    'Shows the bill, then has the amount typed. The sending account is kept alive: its existential deposit stays. A transfer cannot be taken back.';
  static override examples = [
    '<%= config.bin %> transfer --to 5F3sa2TJAWMqDhXG6jhV4N8ko9SxwGy8TpaNS1repo5EYjQX --amount 1.5',
    '<%= config.bin %> transfer --to 5F3sa2TJAWMqDhXG6jhV4N8ko9SxwGy8TpaNS1repo5EYjQX --all --dry-run',
  ];
  static override flags = {
    'wallet-name': walletFlags['wallet-name'],
    'wallet-path': walletFlags['wallet-path'],
    network: networkFlags.network,
    ...withEnv({
      to: Flags.string({ summary: 'address that receives', aliases: ['dest', 'destination'] }),
      amount: Flags.string({ summary: 'TAO to send', aliases: ['amount-tao'], exclusive: ['all'] }),
      all: Flags.boolean({ summary: 'all that the account can send and stay alive' }),
    }),
    ...sendFlags,
  };

  async run(): Promise<ResultOf<'transfer'>> {
    const { flags } = await this.parse(Transfer);
    const to = flags.to ?? (await this.ask.text({ flag: '--to', message: 'Address that receives:' }));
    if (!isSs58(to))
      throw new Sv72Error('ERR_ADDRESS', 'What was given with --to is not a Bittensor address.');
    const wanted = flags.all
      ? undefined
      : await requiredAmount(flags.amount, 'TAO', '--amount or --all', this.ask);
    const location = await this.location('coldkey');
    const from = this.coldkeyAddress(location);
    if (from.ss58 === to) throw new Sv72Error('ERR_USAGE', 'Sender and receiver are the same account.');
    return await this.withChain(async ({ chain, settings }) => {
      const [funds, receiver] = await Promise.all([readAccount(chain, from.ss58), readAccount(chain, to)]);
      const plan = await planTransfer(chain, { from, to, funds, wanted });
      for (const line of block([
        ['from', `${from.ss58} (${location.wallet})`],
        ['to', `${to}${receiver.free + receiver.reserved === 0n ? ' (new on this chain)' : ''}`],
        ['amount', formatTao(plan.amount)],
        ['fee', formatTao(plan.fee)],
        ['remains', `${formatTao(plan.remaining)} of ${formatTao(funds.free)}`],
      ])) {
        this.say(line);
      }
      const ed = rao(chain.existentialDeposit);
      refuseShort(plan, funds, ed);
      if (receiver.free + receiver.reserved === 0n && plan.amount < ed) {
        throw new Sv72Error('ERR_AMOUNT', `A new account has to get at least ${formatTao(ed)}.`);
      }
      const sent = await this.send({
        chain,
        call: plan.call,
        from: location,
        flags,
        agree: { expected: formatTao(plan.amount).slice(2), what: 'the amount' },
      });
      if (sent) this.say(`Sent ${formatTao(plan.amount)} in block ${sent.block.number}.`);
      return {
        network: settings.network,
        from: from.ss58,
        to,
        amount: taoJson(plan.amount),
        fee: taoJson(plan.fee),
        remaining: taoJson(plan.remaining),
        call: plan.call.hex,
        included: includedJson(sent),
      };
    });
  }
}

/** The call and its bill. All that can be sent is what is left after the fee, which is asked for with the whole balance. */
async function planTransfer(
  chain: Chain,
  {
    from,
    to,
    funds,
    wanted,
  }: {
    readonly from: PublicKey;
    readonly to: string;
    readonly funds: Account;
    readonly wanted: Rao | undefined;
  },
): Promise<Plan> {
  const compose = (value: Rao) => chain.compose('Balances', 'transfer_keep_alive', { dest: to, value });
  const free = spendable(funds, rao(chain.existentialDeposit), true);
  const fee = rao(await estimateFee(chain, compose(wanted ?? free), from.publicKey));
  const amount = wanted ?? rao(free > fee ? free - fee : 0n);
  return { call: compose(amount), amount, fee, remaining: rao(funds.free - amount - fee) };
}

function refuseShort({ amount, fee }: Plan, funds: Account, ed: Rao): void {
  const most = spendable(funds, ed, true);
  if (amount > 0n && amount + fee <= most) return;
  const left = rao(most > fee ? most - fee : 0n);
  throw new Sv72Error(
    'ERR_BALANCE_TOO_LOW',
    `The account can send ${formatTao(left)} at most: ${formatTao(funds.free)} are free, ${formatTao(ed)} have to stay, and the fee is ${formatTao(fee)}.`,
    { next: 'Send less; --all sends all that can be sent.' },
  );
}
