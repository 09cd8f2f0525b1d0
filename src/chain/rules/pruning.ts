/** What the rule looks at of one UID. */
export interface PrunableNeuron {
  readonly uid: number;
  /**
   * The lowest goes first: emission of the last epoch in 10^-9 alpha, or the pruning score on runtimes that still have one.
   */
  readonly rank: bigint;
  readonly registeredAt: number;
}

export interface PruningInput {
  readonly neurons: readonly PrunableNeuron[];
  /** The block that the next registration would be in. */
  readonly block: number;
  /** Blocks from its registration during which a neuron is immune. */
  readonly immunityPeriod: number;
  /** As long as no more than so many are without immunity, an immune one has to go (MinNonImmuneUids; 0 on older runtimes). */
  readonly minNonImmune: number;
  /** UIDs of the owner that are never pruned, see `ownerImmuneUids`. */
  readonly ownerImmune: ReadonlySet<number>;
  readonly maxUids: number;
}

export type NextSlot =
  /** There is room: nobody is pushed out. */
  | { readonly kind: 'free'; readonly uid: number }
  | { readonly kind: 'replaces'; readonly uid: number; readonly immune: boolean }
  /** Full, and nobody may be pushed out now: the chain answers NoNeuronIdAvailable. */
  | { readonly kind: 'none' };

/** Whether a neuron is within its immunity (subtensor, utils/misc.rs: get_neuron_is_immune). */
export function isImmune(registeredAt: number, block: number, immunityPeriod: number): boolean {
  return Math.max(0, block - registeredAt) < immunityPeriod;
}

/** Blocks of immunity left; 0 when it is over. */
export function immunityLeft(registeredAt: number, block: number, immunityPeriod: number): number {
  return Math.max(0, immunityPeriod - Math.max(0, block - registeredAt));
}

/**
 * Who would be pushed out (subtensor, subnets/registration.rs: get_neuron_to_prune): of those without immunity the lowest rank,
 * then the oldest, then the lowest UID, provided more than `minNonImmune` are without it; else the same among the immune.
 * The owner's protected UIDs are left out of everything.
 * @returns the UID, or undefined when nobody may go
 */
export function neuronToPrune(input: Omit<PruningInput, 'maxUids'>): number | undefined {
  let open: PrunableNeuron | undefined;
  let immune: PrunableNeuron | undefined;
  let openCount = 0;
  for (const neuron of input.neurons) {
    if (input.ownerImmune.has(neuron.uid)) continue;
    if (isImmune(neuron.registeredAt, input.block, input.immunityPeriod)) {
      if (immune === undefined || goesBefore(neuron, immune)) immune = neuron;
    } else {
      openCount++;
      if (open === undefined || goesBefore(neuron, open)) open = neuron;
    }
  }
  return (openCount > input.minNonImmune ? open : immune)?.uid;
}

/** Which UID the next registration gets, and at whose expense. */
export function nextSlot(input: PruningInput): NextSlot {
  if (input.neurons.length < input.maxUids) return { kind: 'free', uid: input.neurons.length };
  const uid = input.maxUids === 0 ? undefined : neuronToPrune(input);
  if (uid === undefined) return { kind: 'none' };
  const registeredAt = input.neurons.find((neuron) => neuron.uid === uid)?.registeredAt ?? 0;
  return { kind: 'replaces', uid, immune: isImmune(registeredAt, input.block, input.immunityPeriod) };
}

/**
 * The order in which today's neurons would go if one registration after the other came now, in this block and with nobody earning
 * anything meanwhile; free slots are filled first. It ends where a newcomer would be pushed out itself: who is not listed is out of
 * reach of that.
 * @returns UIDs, the next to go first
 */
export function pruningOrder(input: PruningInput): number[] {
  const newcomer = (uid: number): PrunableNeuron => ({ uid, rank: 0n, registeredAt: input.block });
  const neurons = [...input.neurons];
  const newcomers = new Set<number>();
  for (let uid = neurons.length; uid < input.maxUids; uid++) {
    neurons.push(newcomer(uid));
    newcomers.add(uid);
  }
  const places = new Map(neurons.map(({ uid }, place) => [uid, place]));
  const leaving: number[] = [];
  for (;;) {
    const uid = neuronToPrune({ ...input, neurons });
    const place = uid === undefined ? undefined : places.get(uid);
    if (uid === undefined || place === undefined || newcomers.has(uid)) return leaving;
    leaving.push(uid);
    newcomers.add(uid);
    neurons[place] = newcomer(uid);
  }
}

export interface Standing {
  readonly immuneFor: number;
  readonly ownerProtected: boolean;
  /** 1 is the next to go; undefined when it is not in the order (see `pruningOrder`). */
  readonly place: number | undefined;
  /** Registrations, one after the other now, that it takes to push it out: free slots come first. */
  readonly registrationsUntilOut: number | undefined;
}

/** Where one UID stands. */
export function standingOf(uid: number, input: PruningInput): Standing {
  const registeredAt = input.neurons.find((neuron) => neuron.uid === uid)?.registeredAt ?? input.block;
  const index = pruningOrder(input).indexOf(uid);
  return {
    immuneFor: immunityLeft(registeredAt, input.block, input.immunityPeriod),
    ownerProtected: input.ownerImmune.has(uid),
    place: index < 0 ? undefined : index + 1,
    registrationsUntilOut: index < 0 ? undefined : freeSlots(input) + index + 1,
  };
}

/** A hotkey of the subnet owner's coldkey that has a UID here. */
export interface OwnedNeuron {
  readonly uid: number;
  readonly registeredAt: number;
}

/**
 * UIDs of the owner that are never pruned (subtensor, subnets/registration.rs: immune_owner_uid_hotkey_pairs):
 * the first `limit` of the owner coldkey's neurons, oldest first, then lowest UID; the owner hotkey's UID comes before them all.
 * @param ownerHotkeyUid UID of SubnetOwnerHotkey, when it has one
 */
export function ownerImmuneUids(
  owned: readonly OwnedNeuron[],
  ownerHotkeyUid: number | undefined,
  limit: number,
): Set<number> {
  const uids = owned
    .toSorted((a, b) => a.registeredAt - b.registeredAt || a.uid - b.uid)
    .slice(0, limit)
    .map(({ uid }) => uid);
  if (ownerHotkeyUid !== undefined && !uids.includes(ownerHotkeyUid)) {
    uids.unshift(ownerHotkeyUid);
    if (uids.length > limit) uids.length = limit;
  }
  return new Set(uids);
}

/** Registrations that push nobody out. */
export function freeSlots({ neurons, maxUids }: Pick<PruningInput, 'neurons' | 'maxUids'>): number {
  return Math.max(0, maxUids - neurons.length);
}

function goesBefore(a: PrunableNeuron, b: PrunableNeuron): boolean {
  return order(a, b) < 0;
}

function order(a: PrunableNeuron, b: PrunableNeuron): number {
  if (a.rank !== b.rank) return a.rank < b.rank ? -1 : 1;
  return a.registeredAt - b.registeredAt || a.uid - b.uid;
}
