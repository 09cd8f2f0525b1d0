declare const raoUnit: unique symbol;

/** An amount in rao, 10^-9 TAO, exact. */
export type Rao = bigint & { readonly [raoUnit]: true };

const PER_TAO = 1_000_000_000n;
const DECIMAL = /^(\d{1,12})(?:\.(\d{0,9}))?$/;

/** An integer count of rao as an amount. */
export function rao(count: bigint): Rao {
  return count as Rao;
}

/**
 * Reads an amount of TAO written in decimals, without floating point: 1.001 is 1001000000 rao, where btcli 9 makes it 1000999999.
 * @returns undefined when it is no amount, is negative, or has more than nine decimals
 */
export function parseTao(text: string): Rao | undefined {
  const match = DECIMAL.exec(text);
  if (match?.[1] === undefined) return undefined;
  return rao(BigInt(match[1]) * PER_TAO + BigInt((match[2] ?? '').padEnd(9, '0')));
}

/** An amount as people read it: `τ 0.0862`, at least one decimal and no more than needed. */
export function formatTao(amount: Rao): string {
  const sign = amount < 0n ? '-' : '';
  const size = amount < 0n ? -amount : amount;
  const fraction = (size % PER_TAO).toString().padStart(9, '0').replace(/0+$/, '');
  return `${sign}τ ${size / PER_TAO}.${fraction === '' ? '0' : fraction}`;
}
