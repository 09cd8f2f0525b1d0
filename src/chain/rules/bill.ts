import { type Alpha, type Rao, rao } from '../../amount/index.ts';

/** What decides how a registration price is split into burn and collateral. */
export interface CollateralTerms {
  /** Part of the price that is locked instead of burned, in 65535ths (CollateralLockShare); 0: the subnet has no collateral. */
  readonly lockShare: number;
  /** Alpha that this (hotkey, coldkey) has locked already, from an earlier registration. */
  readonly standing: Alpha;
  /** The subnet's moving price, TAO per alpha, as I96F32 bits (2^32 is 1): what standing collateral is credited at. */
  readonly movingPriceBits: bigint;
}

/** A subnet without collateral. */
export const NO_COLLATERAL: CollateralTerms = { lockShare: 0, standing: 0n as Alpha, movingPriceBits: 0n };

/** An account's TAO, as System.Account has it. */
export interface Funds {
  readonly free: Rao;
  readonly reserved: Rao;
  /** Part of free and reserved together that may not leave. */
  readonly frozen: Rao;
}

export interface BillInput {
  /** The registration price (Burn) that the charge is computed from. */
  readonly price: Rao;
  readonly collateral: CollateralTerms;
  /** Fee of the transaction, from the node; 0 where somebody else pays it. */
  readonly fee: Rao;
  readonly funds: Funds;
  readonly existentialDeposit: Rao;
  /**
   * keep-alive (runtimes with collateral): the charge must leave the existential deposit.
   * clipped (older ones): the chain only asks for the charge, and then takes less rather than touch the existential deposit.
   */
  readonly rule: 'keep-alive' | 'clipped';
}

/** What one registration costs and what it needs. `burned + locked = charge`, `charge + fee = total`. */
export interface Bill {
  readonly price: Rao;
  /** Destroyed: nobody gives it back. */
  readonly burned: Rao;
  /** Collateral that the price asks for. */
  readonly lockRequired: Rao;
  /** Worth of what is locked already; at most `lockRequired` counts. */
  readonly credit: Rao;
  /** TAO that buys collateral now: freed again only by earning on the subnet. */
  readonly locked: Rao;
  readonly charge: Rao;
  readonly fee: Rao;
  readonly total: Rao;
  readonly free: Rao;
  /** Free balance afterwards; negative when it does not suffice. By the older rule at least the existential deposit. */
  readonly remaining: Rao;
  readonly existentialDeposit: Rao;
  /** Free balance that the chain demands. */
  readonly required: Rao;
  /** What is missing of it; 0 when it suffices. */
  readonly shortfall: Rao;
}

/**
 * The charge of a registration, split (subtensor, subnets/collateral.rs and registration.rs, do_register):
 * lock = price · share/65535 and credit = standing · moving price, both in U64F64 with truncation; burned = price − lock;
 * charge = burned + max(0, lock − credit). The share is truncated to 64 binary places first, as the runtime does, so
 * a lock that would come out even is one rao less.
 */
export function registrationCharge(
  price: Rao,
  { lockShare, standing, movingPriceBits }: CollateralTerms,
): Pick<Bill, 'price' | 'burned' | 'lockRequired' | 'credit' | 'locked' | 'charge'> {
  const share = (BigInt(lockShare) << 64n) / 65_535n;
  const lock = (price * share) >> 64n;
  const worth = movingPriceBits > 0n ? (standing * movingPriceBits) >> 32n : 0n;
  const topUp = lock > worth ? lock - worth : 0n;
  const burned = price - lock;
  return {
    price,
    burned: rao(burned),
    lockRequired: rao(lock),
    credit: rao(lock - topUp),
    locked: rao(topUp),
    charge: rao(burned + topUp),
  };
}

/** The whole bill of one registration at a price. */
export function registrationBill(input: BillInput): Bill {
  const charge = registrationCharge(input.price, input.collateral);
  const cost = needs({ ...input, charge: charge.charge });
  return { ...charge, ...cost };
}

/**
 * The bill of several registrations, one after the other: each at its own price, against what the ones before have left.
 * @param prices price of each, in the order of the registrations (`priceAfterRegistrations` for those of one block)
 */
export function registrationBills(
  each: readonly { readonly price: Rao; readonly collateral: CollateralTerms }[],
  common: Omit<BillInput, 'price' | 'collateral'>,
): Bill[] {
  let { funds } = common;
  return each.map((one) => {
    const bill = registrationBill({ ...common, ...one, funds });
    funds = { ...funds, free: bill.remaining };
    return bill;
  });
}

/** The ceiling that a charge never exceeds when the price is at most `limit`: standing collateral only lowers it. */
export function mostCharged(limit: Rao, collateral: CollateralTerms): Rao {
  return registrationCharge(limit, collateral).charge;
}

/** Free balance that may leave an account, in rao: all but what is frozen, and the existential deposit when it is to stay alive. */
export function spendable(
  { free, reserved, frozen }: Funds,
  existentialDeposit: Rao,
  keepAlive: boolean,
): Rao {
  const held = frozen > reserved ? frozen - reserved : 0n;
  const kept = keepAlive && existentialDeposit > held ? existentialDeposit : held;
  return rao(free > kept ? free - kept : 0n);
}

function needs(input: Omit<BillInput, 'price' | 'collateral'> & { readonly charge: Rao }) {
  const { charge, fee, funds, existentialDeposit, rule } = input;
  const total = charge + fee;
  const held = funds.frozen > funds.reserved ? funds.frozen - funds.reserved : 0n;
  // The fee is always taken with the account kept alive; the charge only by the newer rule.
  const kept = held > existentialDeposit ? held : existentialDeposit;
  const byFee = fee > 0n ? fee + kept : 0n;
  const byCharge = total + (rule === 'keep-alive' ? kept : held);
  const required = byCharge > byFee ? byCharge : byFee;
  const shortfall = required > funds.free ? required - funds.free : 0n;
  const plain = funds.free - total;
  const remaining = shortfall === 0n && plain < kept ? kept : plain;
  return {
    fee,
    total: rao(total),
    free: funds.free,
    remaining: rao(remaining),
    existentialDeposit,
    required: rao(required),
    shortfall: rao(shortfall),
  };
}
