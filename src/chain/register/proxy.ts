import { type Rao, rao } from '../../amount/index.ts';
import { asBigInt, asList, asNumber, asString, asVariant, fieldOf } from '../plain.ts';
import type { Reads } from '../types.ts';
import { type CallName, typesThatLet } from './proxy-filter.ts';

/** A right that one account gave to another. */
export interface ProxyGrant {
  /** `Registration`, `Any`, … */
  readonly type: string;
  /** Blocks that a call has to be announced before; 0: none. */
  readonly delay: number;
}

/** What is known of a signer as the proxy of an account. */
export interface ProxyStanding {
  /** All rights that the signer has. */
  readonly grants: readonly ProxyGrant[];
  /** Types of rights that let the registration through on this runtime, the narrowest first. */
  readonly types: readonly string[];
  /** The right to use; undefined when none fits. */
  readonly fitting: ProxyGrant | undefined;
  /** Whether the account, not the signer, pays the fee. */
  readonly realPaysFee: boolean;
  /** What the account would reserve for its first proxy, where the runtime tells. */
  readonly deposit: Rao | undefined;
}

/** What a signer may do for an account. @param call that it wants to make for it */
export async function readProxy(
  reads: Reads,
  { real, delegate, call }: { readonly real: string; readonly delegate: string; readonly call: CallName },
): Promise<ProxyStanding> {
  const [{ proxies }, realPaysFee, types] = await Promise.all([
    readProxies(reads, real),
    readRealPaysFee(reads, real, delegate),
    typesThatLet(reads, call),
  ]);
  const grants = proxies.filter((grant) => grant.delegate === delegate);
  const fitting = fittingGrant(grants, types);
  return { grants, types, fitting, realPaysFee, deposit: proxyDeposit(reads, 1) };
}

/** All proxies of an account, and what it has reserved for them. */
export async function readProxies(
  reads: Reads,
  real: string,
): Promise<{
  readonly proxies: readonly (ProxyGrant & { readonly delegate: string })[];
  readonly deposit: Rao;
}> {
  const [definitions, deposit] = asList(await reads.storage('Proxy', 'Proxies', real), 'Proxies');
  const proxies = asList(definitions, 'Proxies').map((definition) => ({
    delegate: asString(fieldOf(definition, 'delegate', 'Proxies'), 'delegate'),
    type: asVariant(fieldOf(definition, 'proxy_type', 'Proxies'), 'proxy_type').type,
    delay: asNumber(fieldOf(definition, 'delay', 'Proxies'), 'delay'),
  }));
  return { proxies, deposit: rao(asBigInt(deposit, 'Proxies')) };
}

/** The narrowest right that lets a registration through at once. @param types that let it through, the narrowest first */
export function fittingGrant(
  grants: readonly ProxyGrant[],
  types: readonly string[],
): ProxyGrant | undefined {
  return types
    .map((type) => grants.find((grant) => grant.type === type && grant.delay === 0))
    .find((grant) => grant !== undefined);
}

/**
 * The consent is stored under two names, depending on the runtime. Its value is nothing at all, so only the keys tell that it is there.
 */
async function readRealPaysFee(reads: Reads, real: string, delegate: string): Promise<boolean> {
  for (const item of ['RealPaysFeeConsentV1', 'RealPaysFee']) {
    if (!reads.has.storage('Proxy', item)) continue;
    const consents = await reads.entries('Proxy', item, real);
    return consents.some(({ keys }) => keys.at(-1) === delegate);
  }
  return false;
}

/** What an account reserves for so many proxies: an amount once, and one for each; undefined where the runtime does not tell. */
export function proxyDeposit(reads: Reads, count: number): Rao | undefined {
  const [base, factor] = ['ProxyDepositBase', 'ProxyDepositFactor'].map((name) =>
    reads.has.constant('Proxy', name) ? asBigInt(reads.constant('Proxy', name), name) : undefined,
  );
  if (base === undefined || factor === undefined) return undefined;
  return count === 0 ? rao(0n) : rao(base + factor * BigInt(count));
}
