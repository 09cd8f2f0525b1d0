import type { CallTable, ChainEvent, Features, Hex } from '../model.ts';
import { type Charge, chargeOf, lock, lockedEvent, lockedPart, purchaseLimit } from '../rules/collateral.ts';
import { alphaPrice, buyAlpha, mostToBuy } from '../rules/pool.ts';
import { raiseBurn } from '../rules/price.ts';
import { uidToPrune } from '../rules/pruning.ts';
import {
  addStake,
  freeOf,
  keepAliveBalance,
  newNeuron,
  type Subnet,
  subnetAccount,
  transfer,
  uidOf,
  type World,
} from '../world/index.ts';
import { type Context, failure, handler, signed, subnetOf, subtensorEvent } from './context.ts';

type Asked = { netuid: number; hotkey: Hex };

/** Registration by burn; coldkey signs and pays (registration.rs, do_register). Checks in the runtime's order. */
function register(world: World, context: Context<Asked>): ChainEvent[] {
  const { features } = context;
  const coldkey = signed(context);
  const { netuid, hotkey } = context.args;
  if (netuid === 0) throw failure(features, 'RegistrationNotPermittedOnRootSubnet');
  const subnet = subnetOf(world, netuid, features);
  if (!subnet.params.networkRegistrationAllowed)
    throw failure(features, 'SubNetRegistrationDisabled', 'RegistrationDisabled');
  const counts = !features.call('SubtensorModule', 'register_limit');
  if (counts) checkCounts(subnet, features);
  if (uidOf(subnet, hotkey) !== undefined) throw failure(features, 'HotKeyAlreadyRegisteredInSubNet');
  const withCollateral = features.storage('SubtensorModule', 'CollateralLockShare');
  const price = subnet.burn;
  const charge: Charge = withCollateral
    ? chargeOf(subnet, hotkey, coldkey, price)
    : { burned: price, topUp: 0n };
  const demanded = charge.burned + charge.topUp;
  const available = withCollateral ? keepAliveBalance(world, coldkey) : freeOf(world, coldkey);
  if (available < demanded) throw failure(features, 'NotEnoughBalanceToStake');
  associate(world, hotkey, coldkey, features);
  const full = subnet.neurons.length >= subnet.params.maxAllowedUids;
  if (
    subnet.params.maxAllowedUids === 0 ||
    (full && victim(world, subnet, context.block, features) === undefined)
  )
    throw failure(features, 'NoNeuronIdAvailable');
  const events = pay(world, subnet, hotkey, coldkey, charge, features);
  const uid = seat(world, subnet, hotkey, context.block, features);
  if (!counts) raiseBurn(subnet);
  subnet.registrationsThisBlock += 1;
  subnet.registrationsThisInterval += 1;
  subnet.raoRecycled += charge.burned;
  const registered = subtensorEvent('NeuronRegistered', [netuid, uid, hotkey]);
  // Runtimes before register_limit say what was recycled so far on every registration.
  const recycled = subtensorEvent('RAORecycledForRegistrationSet', [netuid, subnet.raoRecycled]);
  return counts ? [...events, recycled, registered] : [...events, registered];
}

/** Runtimes before the decaying price admitted so many per block and three times the target per interval. */
function checkCounts({ params, ...subnet }: Subnet, features: Features): void {
  if (subnet.registrationsThisBlock >= params.maxRegistrationsPerBlock)
    throw failure(features, 'TooManyRegistrationsThisBlock');
  if (subnet.registrationsThisInterval >= params.targetRegistrationsPerInterval * 3)
    throw failure(features, 'TooManyRegistrationsThisInterval');
}

/** A hotkey becomes the coldkey's with its first use. @throws CannotUseSystemAccount, NonAssociatedColdKey */
export function associate(world: World, hotkey: Hex, coldkey: Hex, features: Features): void {
  const owner = world.owners.get(hotkey);
  if (owner === undefined) {
    for (const netuid of world.subnets.keys()) {
      if (subnetAccount(netuid) === hotkey)
        throw failure(features, 'CannotUseSystemAccount', 'NonAssociatedColdKey');
    }
    world.owners.set(hotkey, coldkey);
  } else if (owner !== coldkey) {
    throw failure(features, 'NonAssociatedColdKey');
  }
}

/** The charge goes to the subnet's account and buys alpha: burned in proportion, the rest staked and locked. */
function pay(
  world: World,
  subnet: Subnet,
  hotkey: Hex,
  coldkey: Hex,
  charge: Charge,
  features: Features,
): ChainEvent[] {
  const { netuid } = subnet;
  const demanded = charge.burned + charge.topUp;
  // The transfer leaves the existential deposit, whatever the check before let through.
  const available = keepAliveBalance(world, coldkey);
  const paid = demanded < available ? demanded : available;
  if (paid === 0n && demanded > 0n) throw failure(features, 'InsufficientTaoBalance', 'InsufficientBalance');
  if (paid === 0n) {
    lock(subnet, hotkey, coldkey, 0n, { resnapshot: true });
    return [];
  }
  const events = transfer(world, coldkey, subnetAccount(netuid), paid, { keepAlive: true });
  if (charge.topUp > 0n && paid > mostToBuy(subnet, purchaseLimit(subnet)))
    throw failure(features, 'SlippageTooHigh');
  const bought = alphaPrice(subnet) === 0n ? undefined : buyAlpha(subnet, paid);
  const alpha = bought?.paidOut ?? 0n;
  const locked = lockedPart(alpha, charge);
  subnet.alphaOut -= alpha - locked;
  if (locked === 0n) {
    lock(subnet, hotkey, coldkey, 0n, { resnapshot: true });
    return events;
  }
  addStake(world, hotkey, coldkey, netuid, locked);
  const lockedTao = (paid * charge.topUp) / demanded;
  const total = lock(subnet, hotkey, coldkey, locked, { resnapshot: true });
  return [
    ...events,
    subtensorEvent('StakeAdded', [coldkey, hotkey, lockedTao, locked, netuid, bought?.fee ?? 0n]),
    lockedEvent(netuid, hotkey, locked, total),
  ];
}

/** Who would go; older runtimes keep no number of UIDs without immunity. */
function victim(world: World, subnet: Subnet, block: number, features: Features): number | undefined {
  const keeps = features.storage('SubtensorModule', 'MinNonImmuneUids');
  return uidToPrune(world, subnet, block, keeps ? subnet.params.minNonImmuneUids : 0);
}

/** Gives the hotkey a UID: the next free one, or that of who is pushed out. */
export function seat(world: World, subnet: Subnet, hotkey: Hex, block: number, features: Features): number {
  const neuron = newNeuron(hotkey, block);
  if (subnet.neurons.length < subnet.params.maxAllowedUids) return subnet.neurons.push(neuron) - 1;
  const uid = victim(world, subnet, block, features);
  const pruned = uid === undefined ? undefined : subnet.neurons[uid];
  if (uid === undefined || pruned === undefined) throw failure(features, 'NoNeuronIdAvailable');
  subnet.axons.delete(pruned.hotkey);
  subnet.prometheus.delete(pruned.hotkey);
  subnet.certificates.delete(pruned.hotkey);
  // Newer runtimes forget the commitment too.
  if (features.storage('SubtensorModule', 'CollateralLockShare')) subnet.commitments.delete(pruned.hotkey);
  subnet.neurons[uid] = neuron;
  for (const { weights } of subnet.neurons) {
    const at = weights.findIndex(([to]) => to === uid);
    if (at !== -1) weights.splice(at, 1);
  }
  return uid;
}

const burned = handler<Asked>({
  dispatch: register,
  // Free of fees before register_limit came.
  paysFee: (features) => features.call('SubtensorModule', 'register_limit'),
});

export const registrationCalls: CallTable<World> = {
  'SubtensorModule.burned_register': burned,
  'SubtensorModule.register': handler<Asked>({
    dispatch(world, context) {
      // Before register_limit this was proof of work of the first kind, which is not modelled.
      if (!context.features.call('SubtensorModule', 'register_limit'))
        throw failure(context.features, 'SubNetRegistrationDisabled', 'InvalidDifficulty');
      return register(world, context);
    },
  }),
  'SubtensorModule.register_limit': handler<Asked & { limit_price: bigint }>({
    dispatch(world, context) {
      const { args, features } = context;
      signed(context);
      if (args.netuid === 0) throw failure(features, 'RegistrationNotPermittedOnRootSubnet');
      const subnet = subnetOf(world, args.netuid, features);
      if (subnet.burn > args.limit_price) throw failure(features, 'RegistrationPriceLimitExceeded');
      return register(world, context);
    },
  }),
  'SubtensorModule.try_associate_hotkey': handler<{ hotkey: Hex }>({
    dispatch(world, context) {
      const coldkey = signed(context);
      const owner = world.owners.get(context.args.hotkey);
      if (owner === undefined) associate(world, context.args.hotkey, coldkey, context.features);
      return [];
    },
    paysFee: true,
  }),
};
