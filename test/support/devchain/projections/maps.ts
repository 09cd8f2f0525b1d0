import type { Features, Hex, Plain, Projection } from '../model.ts';
import type { Neuron, Subnet, SubnetParams, World } from '../world/index.ts';

export type View = Projection<World>;

export function plain(
  get: (world: Readonly<World>) => Plain,
  set?: (world: World, value: Plain) => void,
): View {
  return {
    get: (world) => get(world),
    ...(set && { set: (world: World, _keys: readonly Plain[], value: Plain) => set(world, value) }),
  };
}

/** A map by netuid. */
export function bySubnet(
  get: (subnet: Subnet, world: Readonly<World>, features: Features) => Plain,
  set?: (subnet: Subnet, value: Plain) => void,
): View {
  return {
    get(world, [netuid], features) {
      const subnet = world.subnets.get(Number(netuid));
      return subnet && get(subnet, world, features);
    },
    keys: (world) => [...world.subnets.keys()].map((netuid) => [netuid]),
    ...(set && {
      set(world: World, [netuid]: readonly Plain[], value: Plain) {
        const subnet = world.subnets.get(Number(netuid));
        if (subnet === undefined) throw new Error(`There is no subnet ${netuid}.`);
        set(subnet, value);
      },
    }),
  };
}

/** A hyperparameter, readable and settable; numbers and bigints are told apart by what stands there. */
export function parameter(name: keyof SubnetParams): View {
  return bySubnet(
    ({ params }) => params[name],
    (subnet, value) => {
      const present = subnet.params[name];
      const next =
        typeof present === 'bigint'
          ? integer(value)
          : typeof present === 'number'
            ? Number(value)
            : value === true;
      Object.assign(subnet.params, { [name]: next });
    },
  );
}

/** A u64 or fixed-point value as the codec may hand it over. */
export function integer(value: Plain): bigint {
  if (typeof value === 'bigint' || typeof value === 'number' || typeof value === 'string')
    return BigInt(value);
  if (typeof value === 'object' && value !== null && 'bits' in value) return integer(value.bits);
  throw new Error('a number is wanted');
}

/** A map by netuid whose value is a list over all UIDs. */
export function overUids(get: (neuron: Neuron, subnet: Subnet, world: Readonly<World>) => Plain): View {
  return bySubnet((subnet, world) => subnet.neurons.map((neuron) => get(neuron, subnet, world)));
}

/** A double map by netuid and UID. */
export function byUid(get: (neuron: Neuron, subnet: Subnet) => Plain): View {
  return {
    get(world, [netuid, uid]) {
      const subnet = world.subnets.get(Number(netuid));
      const neuron = subnet?.neurons[Number(uid)];
      return subnet && neuron && get(neuron, subnet);
    },
    *keys(world) {
      for (const subnet of world.subnets.values())
        for (const uid of subnet.neurons.keys()) yield [subnet.netuid, uid];
    },
  };
}

/** A double map by netuid and account. */
export function byHolder<T>(
  map: (subnet: Subnet) => ReadonlyMap<Hex, T>,
  get: (value: T, subnet: Subnet) => Plain,
): View {
  return {
    get(world, [netuid, account]) {
      const subnet = world.subnets.get(Number(netuid));
      const value = subnet && map(subnet).get(account as Hex);
      return subnet && value && get(value, subnet);
    },
    *keys(world) {
      for (const subnet of world.subnets.values())
        for (const account of map(subnet).keys()) yield [subnet.netuid, account];
    },
  };
}

/** A map by account. */
export function byAccount<T>(
  map: (world: Readonly<World>) => ReadonlyMap<Hex, T>,
  get: (value: T, account: Hex, world: Readonly<World>) => Plain,
): View {
  return {
    get(world, [account]) {
      const value = map(world).get(account as Hex);
      return value === undefined ? undefined : get(value, account as Hex, world);
    },
    keys: (world) => [...map(world).keys()].map((account) => [account]),
  };
}
