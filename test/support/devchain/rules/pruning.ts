import type { Hex } from '../model.ts';
import type { Neuron, Subnet, World } from '../world/index.ts';

/** A UID that registered less than the immunity period ago (utils/misc.rs, get_neuron_is_immune). */
export function isImmune(subnet: Subnet, neuron: Neuron, block: number): boolean {
  return block - neuron.registeredAt < subnet.params.immunityPeriod;
}

/**
 * Hotkeys that are never pruned (registration.rs, immune_owner_uid_hotkey_pairs): the owner's with the oldest registrations, as
 * many as the limit says; the subnet's owner hotkey comes first.
 */
export function immortalHotkeys(world: Readonly<World>, subnet: Subnet): Hex[] {
  const limit = subnet.params.immuneOwnerUidsLimit;
  const found = subnet.neurons
    .map((neuron, uid) => ({ hotkey: neuron.hotkey, at: neuron.registeredAt, uid }))
    .filter(({ hotkey }) => world.owners.get(hotkey) === subnet.owner)
    .sort((a, b) => a.at - b.at || a.uid - b.uid)
    .slice(0, limit)
    .map(({ hotkey }) => hotkey);
  const registered = subnet.neurons.some(({ hotkey }) => hotkey === subnet.ownerHotkey);
  if (!registered || found.includes(subnet.ownerHotkey)) return found;
  return [subnet.ownerHotkey, ...found].slice(0, limit);
}

/**
 * The UID that the next registration into a full subnet pushes out (registration.rs, get_neuron_to_prune): the lowest emission, then
 * the oldest registration, then the lowest UID, among those past their immunity; if no more of those than
 * MinNonImmuneUids (`floor`) are left, among the immune instead. Undefined: nobody can be pushed out.
 */
export function uidToPrune(
  world: Readonly<World>,
  subnet: Subnet,
  block: number,
  floor = subnet.params.minNonImmuneUids,
): number | undefined {
  const immortal = new Set(immortalHotkeys(world, subnet));
  const mortal = subnet.neurons
    .map((neuron, uid) => ({ neuron, uid }))
    .filter(({ neuron }) => !immortal.has(neuron.hotkey));
  const open = mortal.filter(({ neuron }) => !isImmune(subnet, neuron, block));
  const immune = mortal.filter(({ neuron }) => isImmune(subnet, neuron, block));
  return weakest(open.length > floor ? open : immune)?.uid;
}

function weakest(rows: readonly { neuron: Neuron; uid: number }[]) {
  return rows.reduce<(typeof rows)[number] | undefined>((least, row) => {
    if (least === undefined) return row;
    const a = row.neuron;
    const b = least.neuron;
    if (a.emission !== b.emission) return a.emission < b.emission ? row : least;
    if (a.registeredAt !== b.registeredAt) return a.registeredAt < b.registeredAt ? row : least;
    return least;
  }, undefined);
}

/**
 * The subnet that a new one would replace (coinbase/root.rs, get_network_to_prune): past the network's immunity, lowest
 * moving price, then the oldest.
 */
export function subnetToPrune(world: Readonly<World>): number | undefined {
  let worst: Subnet | undefined;
  for (const subnet of world.subnets.values()) {
    if (subnet.netuid === 0) continue;
    if (world.blockNumber - subnet.registeredAt < world.networkImmunityPeriod) continue;
    const lower =
      worst === undefined ||
      subnet.movingPrice < worst.movingPrice ||
      (subnet.movingPrice === worst.movingPrice && subnet.registeredAt < worst.registeredAt);
    if (lower) worst = subnet;
  }
  return worst?.netuid;
}
