import { type Rao, rao } from '../../amount/index.ts';
import { asBigInt, asList, asNumber, asString, asVariant, fieldOf } from '../plain.ts';
import type { Reads } from '../types.ts';

/** Proxy types that let a registration through. `Registration` can do nothing else. */
const FITTING = ['Registration', 'Any'] as const;

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
  /** The right to use; undefined when none fits. */
  readonly fitting: ProxyGrant | undefined;
  /** Whether the account, not the signer, pays the fee. */
  readonly realPaysFee: boolean;
  /** What the account would reserve for its first proxy, where the runtime tells. */
  readonly deposit: Rao | undefined;
}

export async function readProxy(reads: Reads, real: string, delegate: string): Promise<ProxyStanding> {
  const [stored, realPaysFee] = await Promise.all([
    reads.storage('Proxy', 'Proxies', real),
    readRealPaysFee(reads, real, delegate),
  ]);
  const [definitions] = asList(stored, 'Proxies');
  const grants = asList(definitions, 'Proxies')
    .filter((definition) => asString(fieldOf(definition, 'delegate', 'Proxies'), 'delegate') === delegate)
    .map((definition) => ({
      type: asVariant(fieldOf(definition, 'proxy_type', 'Proxies'), 'proxy_type').type,
      delay: asNumber(fieldOf(definition, 'delay', 'Proxies'), 'delay'),
    }));
  return { grants, fitting: fittingGrant(grants), realPaysFee, deposit: firstDeposit(reads) };
}

/** The narrowest right that lets a registration through at once. */
export function fittingGrant(grants: readonly ProxyGrant[]): ProxyGrant | undefined {
  return FITTING.map((type) => grants.find((grant) => grant.type === type && grant.delay === 0)).find(
    (grant) => grant !== undefined,
  );
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

/** What an account reserves for its first proxy. */
function firstDeposit(reads: Reads): Rao | undefined {
  const amounts = ['ProxyDepositBase', 'ProxyDepositFactor'].map((name) =>
    reads.has.constant('Proxy', name) ? asBigInt(reads.constant('Proxy', name), name) : undefined,
  );
  const [base, factor] = amounts;
  return base === undefined || factor === undefined ? undefined : rao(base + factor);
}
