import { Flags } from '@oclif/core';
import { formatTao, type Rao, rao, taoJson } from '../../amount/index.ts';
import {
  type Call,
  type Chain,
  estimateFee,
  proxyDeposit,
  readAccount,
  readProxies,
} from '../../chain/index.ts';
import { Sv72Error } from '../../errors/index.ts';
import type { ResultOf } from '../../results/index.ts';
import { networkFlags, walletFlags, withEnv } from '../../ui/index.ts';
import { isSs58 } from '../../wallet/index.ts';
import { sendFlags } from '../flags.ts';
import { block } from '../table.ts';

/** Flags of commands that change who may act for the wallet's coldkey. */
export const proxyFlags = {
  'wallet-name': walletFlags['wallet-name'],
  'wallet-path': walletFlags['wallet-path'],
  network: networkFlags.network,
  ...withEnv({
    delegate: Flags.string({ summary: 'address of the key that may act, or no longer' }),
    type: Flags.string({ summary: 'what it may do', aliases: ['proxy-type'], default: 'Registration' }),
    delay: Flags.integer({
      summary: 'blocks that its calls have to be announced before; register needs 0',
      default: 0,
      min: 0,
      max: 4_294_967_295,
    }),
  }),
  ...sendFlags,
};

/** A proxy to be added or removed. */
export interface ProxyChange {
  readonly kind: 'add' | 'remove';
  readonly account: { readonly ss58: string; readonly publicKey: Uint8Array };
  readonly delegate: string;
  readonly type: string;
  readonly delay: number;
}

/** The call of a change, and what it does to the account. */
export interface ProxyPlan {
  readonly change: ProxyChange;
  readonly call: Call;
  readonly fee: Rao;
  readonly depositBefore: Rao;
  readonly depositAfter: Rao;
  readonly free: Rao;
}

/**
 * @throws ERR_ADDRESS, ERR_USAGE when there is nothing to change, ERR_BALANCE_TOO_LOW
 */
export async function planProxy(chain: Chain, change: ProxyChange): Promise<ProxyPlan> {
  const { kind, account, delegate, type, delay } = change;
  if (!isSs58(delegate))
    throw new Sv72Error('ERR_ADDRESS', '--delegate takes an address, 48 characters from 5.');
  const [{ proxies, deposit }, { free }] = await Promise.all([
    readProxies(chain, account.ss58),
    readAccount(chain, account.ss58),
  ]);
  const there = proxies.some((one) => one.delegate === delegate && one.type === type && one.delay === delay);
  if (there === (kind === 'add')) {
    const which = `a proxy of ${account.ss58} for ${type}${delay === 0 ? '' : ` with a delay of ${delay} blocks`}`;
    throw new Sv72Error('ERR_USAGE', `${delegate} is ${there ? 'already' : 'not'} ${which}.`, {
      next: 'See `sv72 proxy list`.',
    });
  }
  const call = chain.compose('Proxy', `${kind}_proxy`, { delegate, proxy_type: type, delay });
  const fee = rao(await estimateFee(chain, call, account.publicKey));
  const count = proxies.length + (kind === 'add' ? 1 : -1);
  const depositAfter = proxyDeposit(chain, count) ?? deposit;
  const needed = depositAfter - deposit + fee + chain.existentialDeposit;
  if (kind === 'add' && free < needed) {
    throw new Sv72Error(
      'ERR_BALANCE_TOO_LOW',
      `The account has ${formatTao(free)} free; the deposit and the fee need ${formatTao(rao(needed))}.`,
    );
  }
  return { change, call, fee, depositBefore: deposit, depositAfter, free };
}

/** What a change does, for people. */
export function proxyLines({ change, fee, depositBefore, depositAfter, free }: ProxyPlan): string[] {
  const { account, delegate, type, delay } = change;
  return block([
    ['account', account.ss58],
    [change.kind === 'add' ? 'may act' : 'no longer', delegate],
    ['for', `${type}${type === 'Registration' ? ': it can register, and do nothing else' : ''}`],
    ...(delay === 0 ? [] : [['delay', `${delay} blocks`] as const]),
    [
      'deposit',
      `${formatTao(depositAfter)} reserved, ${formatTao(depositBefore)} before; given back with the proxy`,
    ],
    ['fee', formatTao(fee)],
    ['free', `${formatTao(rao(free - fee - depositAfter + depositBefore))} of ${formatTao(free)} afterwards`],
  ]);
}

export function proxyJson(
  network: string,
  { change, call, fee, depositBefore, depositAfter }: ProxyPlan,
  included: ResultOf<'proxy add'>['included'],
): ResultOf<'proxy add'> {
  const { account, delegate, type, delay } = change;
  return {
    network,
    account: account.ss58,
    delegate,
    type,
    delay,
    deposit_before: taoJson(depositBefore),
    deposit_after: taoJson(depositAfter),
    fee: taoJson(fee),
    call: call.hex,
    included,
  };
}
