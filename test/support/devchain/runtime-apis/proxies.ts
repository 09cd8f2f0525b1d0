import type { Plain, RuntimeApiTable } from '../model.ts';
import { ALLOWED, DENIED, DEPRECATED_TYPES, PROXY_TYPES, SMALL } from '../rules/proxy-filters.ts';
import type { World } from '../world/index.ts';

const PALLETS: Readonly<Record<string, number>> = {
  Balances: 5,
  SubtensorModule: 7,
  Sudo: 12,
  AdminUtils: 19,
};

/** The pallet's number is that of the real network's metadata; calls are named, not numbered. */
function callInfo(type: string, name: string): Plain {
  const [pallet = '', call = ''] = name.split('.');
  const limit =
    type === 'SmallTransfer'
      ? { param_name: pallet === 'Balances' ? 'value' : 'alpha_amount', limit: SMALL }
      : undefined;
  return {
    pallet_name: pallet,
    pallet_index: PALLETS[pallet] ?? 0,
    call_name: call === '*' ? undefined : call,
    call_index: undefined,
    condition: limit && { ParamLessThan: limit },
  };
}

function filterInfo(type: string, index: number): Plain {
  const allowed = ALLOWED[type] ?? [];
  const denied = DENIED[type];
  const mode =
    type === 'Any' ? 'AllowAll' : denied !== undefined ? 'Deny' : allowed.length === 0 ? 'DenyAll' : 'Allow';
  return {
    proxy_type: index,
    name: type,
    deprecated: DEPRECATED_TYPES.has(type),
    filter_mode: mode,
    calls: (denied ?? allowed).map((name) => callInfo(type, name)),
    exceptions: [],
  };
}

function filters(_world: Readonly<World>, [wanted]: readonly Plain[]): Plain {
  const asked =
    wanted === undefined ? undefined : Array.isArray(wanted) ? wanted.map(Number) : [Number(wanted)];
  return PROXY_TYPES.map((type, index) => ({ type, index }))
    .filter(({ index }) => asked === undefined || asked.includes(index))
    .map(({ type, index }) => filterInfo(type, index));
}

export const proxyApis: RuntimeApiTable<World> = {
  'ProxyFilterRuntimeApi.get_proxy_types': () =>
    PROXY_TYPES.map((name, index) => ({ name, index, deprecated: DEPRECATED_TYPES.has(name) })),
  'ProxyFilterRuntimeApi.get_proxy_filter': filters,
  'ProxyFilterRuntimeApi.get_proxy_filters': filters,
};
