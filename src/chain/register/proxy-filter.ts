import { Sv72Error } from '../../errors/index.ts';
import { asList, asString, asVariant, fieldOf } from '../plain.ts';
import type { Plain, Reads } from '../types.ts';

/** A call by its names. */
export interface CallName {
  readonly pallet: string;
  readonly name: string;
}

/** Types that are tried first, the narrowest first; `Any` is always the last. */
const NARROWEST = ['Registration', 'NonTransfer', 'NonFungible', 'NonCritical'];

/** What let registrations through on every runtime that does not tell by itself. */
const EVER = ['Registration', 'NonTransfer', 'Any'];

/** The types of proxies that let a call through, the narrowest first: by the runtime's own filters where it tells them. */
export async function typesThatLet(reads: Reads, call: CallName): Promise<readonly string[]> {
  // Renamed on the way; without an argument both tell all of them.
  const method = ['get_proxy_filters', 'get_proxy_filter'].find((name) =>
    reads.has.runtimeApi('ProxyFilterRuntimeApi', name),
  );
  if (method === undefined) return EVER;
  try {
    const filters = asList(await reads.runtimeApi('ProxyFilterRuntimeApi', method, [undefined]), method);
    return filters
      .filter((filter) => lets(filter, call))
      .map((filter) => text(fieldOf(filter, 'name', method)))
      .toSorted((a, b) => rank(a) - rank(b));
  } catch (error) {
    // It is there to tell early what the chain would refuse anyway, so it must not stand in the way itself.
    if (error instanceof Sv72Error && /^ERR_CHAIN_(SHAPE|RPC)$/.test(error.code)) return EVER;
    throw error;
  }
}

function rank(type: string): number {
  if (type === 'Any') return NARROWEST.length + 1;
  const found = NARROWEST.indexOf(type);
  return found === -1 ? NARROWEST.length : found;
}

/** Whether a filter lets a call through for certain; what it says beyond that is taken as a no. */
function lets(filter: Plain, call: CallName): boolean {
  const list = (name: string) => asList(fieldOf(filter, name, 'proxy filter') ?? [], 'proxy filter');
  if (fieldOf(filter, 'deprecated', 'proxy filter') === true) return false;
  const named = list('calls').filter((info) => isAbout(info, call));
  const excepted = list('exceptions').some((info) => isAbout(info, call));
  switch (asVariant(fieldOf(filter, 'filter_mode', 'proxy filter'), 'filter mode').type) {
    case 'AllowAll':
      return true;
    case 'Allow':
      return !excepted && named.some((info) => fieldOf(info, 'condition', 'proxy filter') === undefined);
    case 'Deny':
      return named.length === 0;
    default:
      return false;
  }
}

/** A whole pallet is meant where no call is named. */
function isAbout(info: Plain, { pallet, name }: CallName): boolean {
  const called = fieldOf(info, 'call_name', 'proxy filter');
  return (
    text(fieldOf(info, 'pallet_name', 'proxy filter')) === pallet &&
    (called === undefined || text(called) === name)
  );
}

/** Names come as text or as its bytes. */
function text(value: Plain): string {
  const found = asString(value, 'a name');
  return /^0x([0-9a-f]{2})+$/.test(found) ? Buffer.from(found.slice(2), 'hex').toString('utf8') : found;
}
