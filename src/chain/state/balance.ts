import { rao } from '../../amount/index.ts';
import { asBigInt, asNumber, fieldOf } from '../plain.ts';
import type { Funds } from '../rules/index.ts';
import type { Reads } from '../types.ts';

export interface Account extends Funds {
  readonly nonce: number;
}

/** The TAO of an account; zero for one that the chain does not know. */
export async function readAccount(reads: Reads, ss58: string): Promise<Account> {
  const account = await reads.storage('System', 'Account', ss58);
  const data = fieldOf(account, 'data', 'account');
  const amount = (name: string) => rao(asBigInt(fieldOf(data, name, 'account') ?? 0n, `account.${name}`));
  // Before `frozen` there were two kinds of locks, of which the larger counts.
  const old = [amount('misc_frozen'), amount('fee_frozen')].reduce((a, b) => (a > b ? a : b));
  const frozen = amount('frozen');
  return {
    free: amount('free'),
    reserved: amount('reserved'),
    frozen: frozen > old ? frozen : old,
    nonce: asNumber(fieldOf(account, 'nonce', 'account'), 'account.nonce'),
  };
}
