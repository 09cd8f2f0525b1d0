import type { Hex, ProjectionTable } from '../model.ts';
import {
  coldkeyLocked,
  hotkeyStake,
  ownedHotkeys,
  positionKey,
  stakesOfColdkey,
  uidOf,
  type World,
} from '../world/index.ts';
import { byAccount, byHolder, plain } from './maps.ts';

/** Who owns, stakes, serves, commits, stands in for whom. */
export const accountItems: ProjectionTable<World> = {
  'SubtensorModule.Uids': {
    get(world, [netuid, hotkey]) {
      const subnet = world.subnets.get(Number(netuid));
      return subnet && uidOf(subnet, hotkey as Hex);
    },
    *keys(world) {
      for (const subnet of world.subnets.values())
        for (const { hotkey } of subnet.neurons) yield [subnet.netuid, hotkey];
    },
  },
  'SubtensorModule.IsNetworkMember': {
    get(world, [hotkey, netuid]) {
      const subnet = world.subnets.get(Number(netuid));
      return subnet !== undefined && uidOf(subnet, hotkey as Hex) !== undefined ? true : undefined;
    },
    *keys(world) {
      for (const subnet of world.subnets.values())
        for (const { hotkey } of subnet.neurons) yield [hotkey, subnet.netuid];
    },
  },
  'SubtensorModule.Owner': byAccount(
    ({ owners }) => owners,
    (coldkey) => coldkey,
  ),
  'SubtensorModule.OwnedHotkeys': {
    get(world, [coldkey]) {
      const owned = ownedHotkeys(world, coldkey as Hex);
      return owned.length === 0 ? undefined : owned;
    },
    keys: (world) => [...new Set(world.owners.values())].map((coldkey) => [coldkey]),
  },
  'SubtensorModule.StakingHotkeys': {
    get(world, [coldkey]) {
      const staked = [...new Set(stakesOfColdkey(world, coldkey as Hex).map(({ hotkey }) => hotkey))];
      return staked.length === 0 ? undefined : staked;
    },
    keys: (world) =>
      [...new Set([...world.stakes.values()].map(({ coldkey }) => coldkey))].map((coldkey) => [coldkey]),
  },
  'SubtensorModule.TotalHotkeyAlpha': {
    get(world, [hotkey, netuid]) {
      const total = hotkeyStake(world, hotkey as Hex, Number(netuid));
      return total === 0n ? undefined : total;
    },
    *keys(world) {
      const seen = new Set([...world.stakes.values()].map(({ hotkey, netuid }) => `${hotkey}/${netuid}`));
      for (const pair of seen) {
        const [hotkey, netuid] = pair.split('/');
        yield [hotkey, Number(netuid)];
      }
    },
  },
  'SubtensorModule.TotalStake': plain((world) => {
    let total = 0n;
    for (const { netuid, amount } of world.stakes.values()) if (netuid === 0) total += amount;
    for (const { taoIn } of world.subnets.values()) total += taoIn;
    return total;
  }),
  'SubtensorModule.AutoStakeDestination': {
    get: (world, [coldkey, netuid]) => world.autoStake.get(`${coldkey}/${netuid}`),
    keys: (world) =>
      [...world.autoStake.keys()].map((key) => {
        const [coldkey, netuid] = key.split('/');
        return [coldkey, Number(netuid)];
      }),
  },
  'SubtensorModule.Delegates': byAccount(
    ({ delegateTake }) => delegateTake,
    (take) => take,
  ),
  'SubtensorModule.IdentitiesV2': byAccount(
    ({ identities }) => identities,
    ({ name, url, description }) => ({
      name,
      url,
      github_repo: '',
      image: '',
      discord: '',
      description,
      additional: '',
    }),
  ),
  'SubtensorModule.Axons': byHolder(
    ({ axons }) => axons,
    (axon) => ({ ...axon }),
  ),
  'SubtensorModule.Prometheus': byHolder(
    ({ prometheus }) => prometheus,
    (prometheus) => ({ ...prometheus }),
  ),
  'SubtensorModule.NeuronCertificates': byHolder(
    ({ certificates }) => certificates,
    (certificate) => ({ ...certificate }),
  ),
  'SubtensorModule.ColdkeySwapAnnouncements': byAccount(
    ({ coldkeySwaps }) => coldkeySwaps,
    ({ when, hash }) => [when, hash],
  ),
  'SubtensorModule.LastPowRegistrationBlock': byAccount(
    ({ lastPow }) => lastPow,
    (block) => block,
  ),
  'SubtensorModule.MinerCollateral': {
    get(world, [netuid, hotkey, coldkey]) {
      const state = world.subnets
        .get(Number(netuid))
        ?.collateral.get(positionKey(hotkey as Hex, coldkey as Hex));
      if (state === undefined) return undefined;
      const { locked, minLocked, earned, drainRatio } = state;
      return { locked, min_locked: minLocked, earned, drain_ratio: { bits: drainRatio } };
    },
    *keys(world) {
      for (const { netuid, collateral } of world.subnets.values())
        for (const { hotkey, coldkey } of collateral.values()) yield [netuid, hotkey, coldkey];
    },
  },
  'SubtensorModule.ColdkeyMinerCollateral': {
    get(world, [netuid, coldkey]) {
      const subnet = world.subnets.get(Number(netuid));
      const locked = subnet && coldkeyLocked(subnet, coldkey as Hex);
      return locked === 0n ? undefined : locked;
    },
    *keys(world) {
      for (const { netuid, collateral } of world.subnets.values())
        for (const coldkey of new Set([...collateral.values()].map((state) => state.coldkey)))
          yield [netuid, coldkey];
    },
  },
  'Commitments.CommitmentOf': byHolder(
    ({ commitments }) => commitments,
    ({ block, info }) => ({ deposit: 0n, block, info }),
  ),
  'Commitments.LastCommitment': byHolder(
    ({ commitments }) => commitments,
    ({ block }) => block,
  ),
  'Commitments.UsedSpaceOf': byHolder(
    ({ usedSpace }) => usedSpace,
    (used) => ({ last_epoch: used.lastEpoch, used_space: used.usedSpace }),
  ),
  'Commitments.MaxSpace': plain((world) => world.commitmentMaxSpace),
  'Proxy.Proxies': byAccount(
    ({ proxies }) => proxies,
    ({ grants, deposit }) => [
      grants.map(({ delegate, type, delay }) => ({ delegate, proxy_type: type, delay })),
      deposit,
    ],
  ),
  'Proxy.RealPaysFee': consent(),
  'Proxy.RealPaysFeeConsentV1': consent(),
  'Sudo.Key': plain(({ sudoKey }) => sudoKey),
  'Balances.TotalIssuance': plain(({ totalIssuance }) => totalIssuance),
  'SubtensorModule.TotalIssuance': plain(({ totalIssuance }) => totalIssuance),
};

function consent(): ProjectionTable<World>[string] {
  return {
    get: (world, [real, delegate]) =>
      world.realPaysFee.has(positionKey(real as Hex, delegate as Hex)) ? [] : undefined,
    keys: (world) => [...world.realPaysFee].map((pair) => pair.split('/')),
  };
}
