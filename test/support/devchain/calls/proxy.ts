import {
  type CallTable,
  type ChainEvent,
  type Hex,
  moduleError,
  type Plain,
  type PlainCall,
} from '../model.ts';
import { lets } from '../rules/proxy-filters.ts';
import { type ProxyGrant, positionKey, reserve, unreserve, type World } from '../world/index.ts';
import { accountOf, type Context, handler, signed } from './context.ts';

const BASE = 60_000_000n;
const EACH = 33_000_000n;
const MOST = 20;

type Acting = { real: Plain; force_proxy_type: string | undefined; call: PlainCall };
type Grant = { delegate: Plain; proxy_type: string; delay: number };

const depositOf = (count: number) => (count === 0 ? 0n : BASE + EACH * BigInt(count));

function fail(name: string) {
  return moduleError('Proxy', name);
}

/** Reserves or returns what a changed list of grants costs. */
function keep(world: World, real: Hex, grants: ProxyGrant[]): ChainEvent[] {
  const before = world.proxies.get(real)?.deposit ?? 0n;
  const deposit = depositOf(grants.length);
  const events =
    deposit > before
      ? reserve(world, real, deposit - before)
      : deposit < before
        ? unreserve(world, real, before - deposit)
        : [];
  if (grants.length === 0) world.proxies.delete(real);
  else world.proxies.set(real, { grants, deposit });
  return events;
}

function grantOf(context: Context<Grant>): ProxyGrant {
  const { delegate, proxy_type: type, delay } = context.args;
  return { delegate: accountOf(delegate), type, delay };
}

const same = (a: ProxyGrant) => (b: ProxyGrant) =>
  a.delegate === b.delegate && a.type === b.type && a.delay === b.delay;

function grantEvent(name: string, delegator: Hex, { delegate, type, delay }: ProxyGrant): ChainEvent {
  return { pallet: 'Proxy', name, data: { delegator, delegatee: delegate, proxy_type: type, delay } };
}

export const proxyCalls: CallTable<World> = {
  'Proxy.add_proxy': handler<Grant>({
    dispatch(world, context) {
      const real = signed(context);
      const grant = grantOf(context);
      if (grant.delegate === real) throw fail('NoSelfProxy');
      const grants = world.proxies.get(real)?.grants ?? [];
      if (grants.some(same(grant))) throw fail('Duplicate');
      if (grants.length >= MOST) throw fail('TooMany');
      const reserved = keep(world, real, [...grants, grant]);
      return [...reserved, grantEvent('ProxyAdded', real, grant)];
    },
  }),
  'Proxy.remove_proxy': handler<Grant>({
    dispatch(world, context) {
      const real = signed(context);
      const grant = grantOf(context);
      const grants = world.proxies.get(real)?.grants ?? [];
      const rest = grants.filter((one) => !same(grant)(one));
      if (rest.length === grants.length) throw fail('NotFound');
      const returned = keep(world, real, rest);
      if (!rest.some(({ delegate }) => delegate === grant.delegate))
        world.realPaysFee.delete(positionKey(real, grant.delegate));
      return [...returned, grantEvent('ProxyRemoved', real, grant)];
    },
  }),
  'Proxy.remove_proxies': handler({
    dispatch(world, context) {
      const real = signed(context);
      for (const pair of world.realPaysFee) if (pair.startsWith(`${real}/`)) world.realPaysFee.delete(pair);
      return keep(world, real, []);
    },
  }),
  'Proxy.set_real_pays_fee': handler<{ delegate: Plain; pays_fee: boolean }>({
    dispatch(world, context) {
      const real = signed(context);
      const delegate = accountOf(context.args.delegate);
      const { pays_fee } = context.args;
      if (world.proxies.get(real)?.grants.some((grant) => grant.delegate === delegate) !== true)
        throw fail('NotFound');
      const pair = positionKey(real, delegate);
      if (pays_fee) world.realPaysFee.add(pair);
      else world.realPaysFee.delete(pair);
      return [{ pallet: 'Proxy', name: 'RealPaysFeeSet', data: { real, delegate, pays_fee } }];
    },
  }),
  'Proxy.proxy': handler<Acting>({
    dispatch(world, context) {
      const delegate = signed(context);
      const real = accountOf(context.args.real);
      const { force_proxy_type: forced, call } = context.args;
      const grant = (world.proxies.get(real)?.grants ?? []).find(
        (one) => one.delegate === delegate && (forced === undefined || one.type === forced),
      );
      if (grant === undefined) throw fail('NotProxy');
      if (grant.delay > 0) throw fail('Unannounced');
      const result = filtered(world, context, real, grant, call);
      const outcome: ChainEvent = { pallet: 'Proxy', name: 'ProxyExecuted', data: { result: result.result } };
      return [...result.events, outcome];
    },
    feePayer(world, context) {
      const delegate = signed(context);
      const real = accountOf(context.args.real);
      return world.realPaysFee.has(positionKey(real, delegate)) ? real : undefined;
    },
  }),
};

/** A call that the type does not let through fails inside, as `System.CallFiltered`; the extrinsic succeeds. */
function filtered(
  world: World,
  context: Context<Acting>,
  real: Hex,
  grant: ProxyGrant,
  call: PlainCall,
): { events: readonly ChainEvent[]; result: Plain } {
  // A proxy may not change who stands in for the account, unless it may do everything.
  const rights = ['add_proxy', 'remove_proxy', 'remove_proxies', 'kill_pure'];
  const guarded = call.pallet === 'Proxy' && rights.includes(call.name) && grant.type !== 'Any';
  if (guarded || !lets(grant.type, call)) {
    const { error } = moduleError('System', 'CallFiltered');
    return { events: [], result: { Err: { ...error } } };
  }
  const inner = context.dispatch(world, real, call);
  return inner.error === undefined
    ? { events: inner.events, result: { Ok: [] } }
    : { events: [], result: { Err: { ...inner.error.error } } };
}
