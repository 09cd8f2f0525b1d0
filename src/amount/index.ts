declare const raoUnit: unique symbol;
declare const alphaUnit: unique symbol;

/** An amount in rao, 10^-9 TAO, exact. */
export type Rao = bigint & { readonly [raoUnit]: true };

/** An amount of a subnet's own token in 10^-9 alpha, exact. Its worth in TAO is the subnet's price, so it never mixes with Rao. */
export type Alpha = bigint & { readonly [alphaUnit]: true };

const PER_TOKEN = 1_000_000_000n;
const DECIMAL = /^(\d{1,12})(?:\.(\d{0,9}))?$/;

/** An integer count of rao as an amount. */
export function rao(count: bigint): Rao {
  return count as Rao;
}

/** An integer count of 10^-9 alpha as an amount. */
export function alpha(count: bigint): Alpha {
  return count as Alpha;
}

/**
 * Reads an amount of TAO written in decimals, without floating point: 1.001 is 1001000000 rao, where btcli 9 makes it 1000999999.
 * @returns undefined when it is no amount, is negative, or has more than nine decimals
 */
export function parseTao(text: string): Rao | undefined {
  const count = parseDecimal(text);
  return count === undefined ? undefined : rao(count);
}

/** As `parseTao`, for an amount of alpha. */
export function parseAlpha(text: string): Alpha | undefined {
  const count = parseDecimal(text);
  return count === undefined ? undefined : alpha(count);
}

/** An amount as people read it: `τ 0.0862`, at least one decimal and no more than needed. */
export function formatTao(amount: Rao): string {
  const sign = amount < 0n ? '-' : '';
  return `${sign}τ ${decimal(amount < 0n ? -amount : amount)}`;
}

/** An amount of alpha as people read it: `1.5 α72`, the subnet's number beside the sign. */
export function formatAlpha(amount: Alpha, netuid: number): string {
  const sign = amount < 0n ? '-' : '';
  return `${sign}${decimal(amount < 0n ? -amount : amount)} α${netuid}`;
}

/** An amount in a JSON result: exact digits for programs, text for people. */
export interface AmountJson {
  /** Integer count of 10^-9, as decimal digits: JSON numbers are not exact beyond 2^53. */
  readonly rao: string;
  readonly text: string;
}

export function taoJson(amount: Rao): AmountJson {
  return { rao: amount.toString(), text: formatTao(amount) };
}

export function alphaJson(amount: Alpha, netuid: number): AmountJson {
  return { rao: amount.toString(), text: formatAlpha(amount, netuid) };
}

function parseDecimal(text: string): bigint | undefined {
  const match = DECIMAL.exec(text);
  if (match?.[1] === undefined) return undefined;
  return BigInt(match[1]) * PER_TOKEN + BigInt((match[2] ?? '').padEnd(9, '0'));
}

function decimal(size: bigint): string {
  const fraction = (size % PER_TOKEN).toString().padStart(9, '0').replace(/0+$/, '');
  return `${size / PER_TOKEN}.${fraction === '' ? '0' : fraction}`;
}
