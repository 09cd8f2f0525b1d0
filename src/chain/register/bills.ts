import { type Rao, rao } from '../../amount/index.ts';
import {
  type Bill,
  mostCharged,
  NO_COLLATERAL,
  priceAfterRegistrations,
  registrationBill,
  registrationBills,
} from '../rules/index.ts';
import type { Way } from './journal/index.ts';
import type { Target } from './request.ts';
import type { HotkeyState, Survey } from './survey.ts';

/** One registration on the bill. */
export interface BillLine {
  readonly target: Target;
  readonly bill: Bill;
}

/** The bill of a whole run: what it takes if nobody else registers meanwhile. */
export interface RunBill {
  readonly lines: readonly BillLine[];
  readonly burned: Rao;
  readonly locked: Rao;
  readonly charge: Rao;
  readonly fee: Rao;
  readonly total: Rao;
  /** Free balance of the paying account before and after. */
  readonly free: Rao;
  readonly remaining: Rao;
  /** What is missing in the paying account; 0 when it suffices. */
  readonly shortfall: Rao;
  /** Who pays the fees: the paying account, or the proxy that signs. */
  readonly feeBy: 'coldkey' | 'proxy';
  /** What the proxy has too little for the fees; 0 when it suffices or pays none. */
  readonly proxyShortfall: Rao;
}

/** Those of a survey that are still to be registered. */
export function unregistered({ hotkeys }: Survey): readonly HotkeyState[] {
  return hotkeys.filter(({ uid }) => uid === undefined);
}

/**
 * The bill of registering all that are not yet registered, one after the other.
 * @param options.price of the first; the following ones cost what it does to the price
 * @param options.fee of one registration, from the node
 * @returns undefined while it is not known who pays
 */
export function billOf(
  survey: Survey,
  options: { readonly price: Rao; readonly fee: Rao; readonly way: Way },
): RunBill | undefined {
  const { coldkey, proxy, existentialDeposit, rule } = survey;
  if (coldkey === undefined) return undefined;
  const wanted = unregistered(survey);
  const feeBy = proxy !== undefined && !proxy.realPaysFee ? 'proxy' : 'coldkey';
  const byPaying = options.way === 'burn';
  const common = {
    fee: feeBy === 'coldkey' ? options.fee : rao(0n),
    funds: coldkey.funds,
    existentialDeposit,
    rule: survey.keepAlive ? 'keep-alive' : 'clipped',
  } as const;
  const bills = registrationBills(
    wanted.map(({ collateral }, index) => ({
      price: byPaying ? priceAfterRegistrations(options.price, index, rule) : rao(0n),
      collateral: byPaying ? collateral : NO_COLLATERAL,
    })),
    common,
  );
  const sum = (of: (bill: Bill) => Rao) => rao(bills.reduce((total, bill) => total + of(bill), 0n));
  const most = (of: (bill: Bill) => Rao) => bills.map(of).reduce((a, b) => (a > b ? a : b), rao(0n));
  const fee = rao(options.fee * BigInt(bills.length));
  const nothing = proxy && { price: rao(0n), collateral: NO_COLLATERAL, fee, funds: proxy.funds };
  const proxyBill =
    nothing && feeBy === 'proxy'
      ? registrationBill({ ...nothing, existentialDeposit, rule: 'keep-alive' })
      : undefined;
  return {
    lines: wanted.flatMap(({ target }, index) => {
      const bill = bills[index];
      return bill === undefined ? [] : [{ target, bill }];
    }),
    burned: sum((bill) => bill.burned),
    locked: sum((bill) => bill.locked),
    charge: sum((bill) => bill.charge),
    fee,
    total: rao(sum((bill) => bill.charge) + fee),
    free: coldkey.funds.free,
    remaining: bills.at(-1)?.remaining ?? coldkey.funds.free,
    shortfall: most((bill) => bill.shortfall),
    feeBy,
    proxyShortfall: proxyBill?.shortfall ?? rao(0n),
  };
}

/** The most that a run can take from the paying account at a ceiling for each registration, fees included. */
export function mostTaken(survey: Survey, ceiling: Rao, fee: Rao): Rao {
  const charges = unregistered(survey).map(({ collateral }) => mostCharged(ceiling, collateral));
  return rao(charges.reduce((total, charge) => total + charge + fee, 0n));
}

/**
 * A ceiling to suggest: what the last registration of the run costs if one other comes before each.
 * Rounded up to three digits, so that it can be typed.
 */
export function suggestedCeiling(survey: Survey): Rao {
  const count = Math.max(1, unregistered(survey).length);
  const { price, rule } = survey;
  const risen =
    rule.kind === 'continuous' ? priceAfterRegistrations(price, 2 * count - 1, rule) : rao((price * 5n) / 4n);
  const unit = 10n ** BigInt(Math.max(0, risen.toString().length - 3));
  return rao(((risen + unit - 1n) / unit) * unit);
}
