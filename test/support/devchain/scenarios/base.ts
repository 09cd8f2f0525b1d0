import { accrue, runEpoch } from '../rules/epoch.ts';
import {
  addStake,
  addSubnet,
  createWorld,
  newNeuron,
  type Subnet,
  type SubnetParams,
  subnetAccount,
  TAO,
  type World,
} from '../world/index.ts';
import { FUNDED, keyOf, OWNER, strangerKey, VALIDATORS } from './people.ts';

/** Number of the last block when a scenario begins. */
const START = 5_000_000;

/** Money, the root network with the validators' stake, and two subnets beside 72. */
export function baseWorld(now: number): World {
  const world = createWorld({ blockNumber: START, timestamp: now });
  for (const [uri, tao] of Object.entries(FUNDED)) fund(world, keyOf(uri), tao * TAO);
  fund(world, keyOf(OWNER), 500n * TAO);
  world.sudoKey = keyOf('//Alice');
  const root = addSubnet(world, {
    netuid: 0,
    name: 'root',
    symbol: 'Τ',
    owner: keyOf(OWNER),
    ownerHotkey: keyOf(`${OWNER}//hot`),
    registeredAt: 1,
    params: { maxAllowedUids: 64, tempo: 100 },
    taoIn: 0n,
    alphaIn: 0n,
  });
  for (const [index, uri] of VALIDATORS.entries()) {
    const [hotkey, coldkey] = [keyOf(`${uri}//hot`), keyOf(uri)];
    fund(world, coldkey, 50n * TAO);
    world.owners.set(hotkey, coldkey);
    world.delegateTake.set(hotkey, 11_796);
    world.identities.set(coldkey, {
      name: `Validator ${index}`,
      url: 'https://validator.example',
      description: '',
    });
    root.neurons.push(newNeuron(hotkey, 1_000 + index));
    addStake(world, hotkey, coldkey, 0, (400_000n - 90_000n * BigInt(index)) * TAO);
  }
  for (const [netuid, name] of [
    [1, 'apex'],
    [73, 'neighbour'],
  ] as const) {
    const owner = strangerKey(`owner of ${netuid}`);
    const ownerHotkey = strangerKey(`owner hotkey of ${netuid}`);
    const cheap = { taoIn: (netuid === 73 ? 3_000n : 90_000n) * TAO };
    const subnet = addSubnet(world, {
      netuid,
      name,
      symbol: 'α',
      owner,
      ownerHotkey,
      registeredAt: 1_000_000,
      ...cheap,
    });
    subnet.neurons.push(newNeuron(ownerHotkey, 1_000_000));
  }
  return world;
}

function fund(world: World, account: string, free: bigint): void {
  world.totalIssuance += free;
  if (free > 0n) world.accounts.set(account, { free, reserved: 0n, nonce: 0 });
}

/** The subnets' own accounts hold the TAO of their pools, the root network's that of the stakes there. */
export function fundPools(world: World): void {
  for (const { netuid, taoIn } of world.subnets.values()) {
    let held = taoIn;
    if (netuid === 0) for (const stake of world.stakes.values()) if (stake.netuid === 0) held += stake.amount;
    fund(world, subnetAccount(netuid), held + TAO);
  }
}

export interface Crowd {
  /** UIDs that are taken, the owner's and the validators' among them. */
  readonly size: number;
  /** How many of the youngest are immune. */
  readonly immune: number;
  readonly votes: 'miners' | 'owner';
}

/**
 * Subnet 72: UID 0 is the owner's, 1 to 4 the validators', the rest miners', all but one of them strangers'. The first miner,
 * UID 5, is `//Dave//hot` of `//Dave`.
 */
export function addSubnet72(
  world: World,
  crowd: Crowd,
  given: { params?: Partial<SubnetParams>; burn?: bigint } = {},
): Subnet {
  const subnet = addSubnet(world, {
    netuid: 72,
    name: 'NATIX',
    symbol: 'ⴼ',
    owner: keyOf(OWNER),
    ownerHotkey: keyOf(`${OWNER}//hot`),
    registeredAt: 3_000_000,
    ...given,
  });
  subnet.identity = {
    subnet_name: 'NATIX',
    github_repo: 'https://github.com/natixnetwork/streetvision-subnet',
    subnet_contact: '',
    subnet_url: 'https://natix.network',
    discord: '',
    description: 'Roadwork or none, told from images.',
    logo_url: '',
    additional: '',
  };
  subnet.neurons.push(newNeuron(keyOf(`${OWNER}//hot`), 3_000_000));
  for (const [index, uri] of VALIDATORS.entries()) {
    subnet.neurons.push({
      ...newNeuron(keyOf(`${uri}//hot`), 3_000_100 + index),
      lastUpdate: START - 40 - index,
    });
    addStake(world, keyOf(`${uri}//hot`), keyOf(uri), 72, (60_000n - 10_000n * BigInt(index)) * TAO);
  }
  for (let uid = subnet.neurons.length; uid < crowd.size; uid++) addMiner(world, subnet, uid, crowd);
  vote(subnet, crowd.votes);
  for (let block = 0; block < subnet.params.tempo; block++) accrue(subnet);
  runEpoch(world, subnet);
  // Some way into the tempo: the next epoch is 260 blocks off.
  subnet.lastEpochBlock = START - 100;
  for (let block = 0; block < 100; block++) accrue(subnet);
  return subnet;
}

function addMiner(world: World, subnet: Subnet, uid: number, { size, immune }: Crowd): void {
  const first = uid === 1 + VALIDATORS.length;
  const hotkey = first ? keyOf('//Dave//hot') : strangerKey(`hotkey ${uid}`);
  const coldkey = first ? keyOf('//Dave') : strangerKey(`coldkey ${uid % 60}`);
  const young = uid >= size - immune;
  // The youngest came 500 blocks apart, the others over a year, in no order of their UIDs.
  const age = young ? 500 * (size - uid) : 30_000 + ((uid * 7_919) % 256) * 10_000;
  world.owners.set(hotkey, coldkey);
  subnet.neurons.push(newNeuron(hotkey, START - age));
  addStake(world, hotkey, coldkey, subnet.netuid, BigInt(size - uid) * TAO);
  if (uid % 8 === 7) return;
  subnet.axons.set(hotkey, {
    block: START - Math.min(age, 20_000),
    version: 9_012_000,
    // 198.51.100.0/24 is for documentation.
    ip: 0xc633_6400n + BigInt(uid % 256),
    port: 8_000 + uid,
    ip_type: 4,
    protocol: 4,
    placeholder1: 0,
    placeholder2: 0,
  });
}

/** All validators vote alike: for the miners, the first ones most and every fifth not at all, or for the owner alone. */
function vote(subnet: Subnet, votes: Crowd['votes']): void {
  const first = 1 + VALIDATORS.length;
  const forMiners = subnet.neurons.flatMap((_neuron, uid): [number, number][] => {
    const place = uid - first;
    return place < 0 || place % 5 === 4 ? [] : [[uid, Math.max(1, 65_535 - place * 250)]];
  });
  for (const neuron of subnet.neurons.slice(1, first))
    neuron.weights = votes === 'miners' ? [...forMiners] : [[0, 65_535]];
}
