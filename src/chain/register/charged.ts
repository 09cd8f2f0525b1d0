import { readAccount } from '../state/balance.ts';
import type { Chain, ChainEvent, Included, Plain } from '../types.ts';

/** Events of Balances that take from an account, or give to it, by the name of the field that has the account. */
const TAKES: Readonly<Record<string, string>> = { Withdraw: 'who', Burned: 'who', Transfer: 'from' };
const GIVES: Readonly<Record<string, string>> = { Deposit: 'who', Minted: 'who', Transfer: 'to' };

/**
 * What a registration took from the account besides its fee, in rao: the difference of the free balance across the block, which is
 * the truth as long as nothing else in the block touched the account; else by the events of the registration itself.
 * Undefined when that is not known.
 */
export async function chargedIn(
  chain: Chain,
  coldkey: string,
  included: Included,
): Promise<bigint | undefined> {
  const { block, fee, events } = included;
  try {
    const feePayer = events.find(({ name }) => name === 'TransactionFeePaid')?.fields.who;
    const ownFee = feePayer === undefined || feePayer === coldkey ? fee : 0n;
    const all = await chain.events(block.hash);
    const shared = all.some(
      ({ extrinsic, fields }) => extrinsic !== included.extrinsicIndex && names(fields, coldkey),
    );
    if (shared) {
      const taken = takenBy(events, coldkey) - ownFee;
      return taken > 0n ? taken : undefined;
    }
    const parent = await chain.blockHash(block.number - 1);
    if (parent === undefined) return undefined;
    const [before, after] = await Promise.all(
      [parent, block.hash].map(async (hash) => await readAccount(await chain.at(hash), coldkey)),
    );
    if (before === undefined || after === undefined) return undefined;
    return before.free - after.free - ownFee;
  } catch {
    // It is only told, and endpoints forget states.
    return undefined;
  }
}

/** What the events of one extrinsic took from an account, less what they gave it. */
function takenBy(events: readonly ChainEvent[], account: string): bigint {
  let taken = 0n;
  for (const { pallet, name, fields } of events) {
    const { amount } = fields;
    if (pallet !== 'Balances' || typeof amount !== 'bigint') continue;
    if (fields[TAKES[name] ?? ''] === account) taken += amount;
    if (fields[GIVES[name] ?? ''] === account) taken -= amount;
  }
  return taken;
}

function names(value: Plain, account: string): boolean {
  if (typeof value === 'string') return value === account;
  return typeof value === 'object' && Object.values(value).some((inner: Plain) => names(inner, account));
}
