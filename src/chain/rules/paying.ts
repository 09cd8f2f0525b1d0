/** What was found out about something, or why it was not. */
export type Signal<T> =
  | { readonly known: true; readonly value: T }
  | { readonly known: false; readonly why: string };

export function known<T>(value: T): Signal<T> {
  return { known: true, value };
}

export function unknown<T = never>(why: string): Signal<T> {
  return { known: false, why };
}

/** A block of the past, with its time in Unix milliseconds where it is known. */
export interface PastBlock {
  readonly block: number;
  readonly at: number | undefined;
}

/** When miners last earned, as far back as the endpoint remembers. */
export type LastPaid =
  /** They earned in the last epoch. */
  | { readonly kind: 'now' }
  /** Seen earning at `paid`, and not any more at `unpaid`; nothing between the two was looked at. */
  | { readonly kind: 'stopped'; readonly paid: PastBlock; readonly unpaid: PastBlock }
  /** Not at `since` nor at any block looked at after it; before that nothing is known. */
  | { readonly kind: 'not-since'; readonly since: PastBlock };

export interface WeightRows {
  /** Validators that have set weights. */
  readonly validators: number;
  /** Those of them that gave anything to somebody whom the owner does not keep. */
  readonly givingOutside: number;
}

/** What the chain says about a subnet's pay. Every one may be unknown: runtimes differ, and endpoints forget. */
export interface PayingSignals {
  /** Part of the miners' last pay that was withheld because the receivers belong to the owner, 0 to 1 (MinerBurned). */
  readonly minerBurned: Signal<number>;
  /** Incentive of all but the owner's UIDs, as a part of all incentive, and how many share it. */
  readonly outsideIncentive: Signal<{ readonly share: number; readonly miners: number }>;
  readonly lastPaid: Signal<LastPaid>;
  readonly weights: Signal<WeightRows>;
  /** Root's switch for the subnet's emission. */
  readonly emissionEnabled: Signal<boolean>;
  /** Whether this subnet would be the next to be removed, and whether any is. */
  readonly nextToBePruned: Signal<boolean>;
  /** Whether registered neurons exist at all besides the owner's. */
  readonly outsiders: Signal<number>;
}

export type Verdict = 'pays' | 'nobody' | 'unknown';

type ReasonName = keyof PayingSignals;

export interface Reason {
  readonly name: ReasonName;
  /** good: speaks for being paid; bad: against it; warning: a danger for later; unknown: could not be read. */
  readonly kind: 'good' | 'bad' | 'warning' | 'unknown';
  /** One sentence. */
  readonly text: string;
}

export interface Paying {
  readonly verdict: Verdict;
  /** Part of the miners' pay that reached miners other than the owner's, 0 to 1; undefined when unknown. */
  readonly share: number | undefined;
  /** All signals, in words, the decisive ones first. */
  readonly reasons: readonly Reason[];
  readonly lastPaid: LastPaid | undefined;
}

/**
 * Whether a subnet pays its miners now. Decided by what happened in the last epoch: all of the miners' pay withheld, or no
 * incentive outside the owner, means nobody; so does emission that is switched off. Some of both that is known, and none against
 * it, means it pays. Weights and the danger of removal do not decide while the incentive is known; they say what comes next.
 */
export function judgePaying(signals: PayingSignals): Paying {
  const verdict = verdictOf(signals);
  const reasons = [
    burned(signals.minerBurned),
    incentive(signals.outsideIncentive, signals.outsiders),
    emission(signals.emissionEnabled),
    weights(signals.weights),
    lastPaid(signals.lastPaid, verdict),
    pruned(signals.nextToBePruned),
  ].flatMap((reason) => reason ?? []);
  return {
    verdict,
    share: shareOf(signals, verdict),
    reasons: reasons.toSorted((a, b) => rank(a, verdict) - rank(b, verdict)),
    lastPaid: signals.lastPaid.known ? signals.lastPaid.value : undefined,
  };
}

function verdictOf({
  minerBurned,
  outsideIncentive,
  emissionEnabled,
  weights: rows,
}: PayingSignals): Verdict {
  if (minerBurned.known && minerBurned.value >= 1) return 'nobody';
  // The incentive of the last epoch outlives the switch, but there is nothing more to share out by it.
  if (emissionEnabled.known && !emissionEnabled.value) return 'nobody';
  if (outsideIncentive.known) return outsideIncentive.value.share > 0 ? 'pays' : 'nobody';
  if (rows.known && rows.value.givingOutside === 0) return 'nobody';
  // MinerBurned is 0 also when there was nothing to pay at all, so alone it does not show that anybody was paid.
  if (minerBurned.known && minerBurned.value > 0) return 'pays';
  return 'unknown';
}

function shareOf({ minerBurned, outsideIncentive }: PayingSignals, verdict: Verdict): number | undefined {
  if (verdict === 'unknown') return undefined;
  if (verdict === 'nobody') return 0;
  if (minerBurned.known && minerBurned.value > 0) return 1 - minerBurned.value;
  return outsideIncentive.known ? outsideIncentive.value.share : undefined;
}

function burned(signal: Signal<number>): Reason {
  const name = 'minerBurned';
  if (!signal.known)
    return { name, kind: 'unknown', text: `The burned part of the pay is unknown: ${signal.why}.` };
  if (signal.value >= 1) {
    return {
      name,
      kind: 'bad',
      text: 'All of the miners’ pay of the last epoch went to the owner’s keys and was withheld.',
    };
  }
  if (signal.value > 0) {
    return {
      name,
      kind: signal.value >= 0.9 ? 'warning' : 'good',
      text: `${percent(signal.value)} of the miners’ pay of the last epoch went to the owner’s keys and was withheld.`,
    };
  }
  return { name, kind: 'good', text: 'Nothing of the miners’ pay of the last epoch was withheld.' };
}

function incentive(
  signal: Signal<{ readonly share: number; readonly miners: number }>,
  outsiders: Signal<number>,
): Reason {
  const name = 'outsideIncentive';
  if (!signal.known)
    return { name, kind: 'unknown', text: `The miners’ incentive is unknown: ${signal.why}.` };
  const { share, miners } = signal.value;
  if (share > 0) {
    const text = `${count(miners, 'miner')} other than the owner’s ${miners === 1 ? 'has' : 'have'} ${percent(share)} of the incentive.`;
    return { name, kind: 'good', text };
  }
  const among = outsiders.known ? `none of the ${count(outsiders.value, 'other neuron')}` : 'nobody else';
  return { name, kind: 'bad', text: `Besides the owner’s keys, ${among} has any incentive.` };
}

function emission(signal: Signal<boolean>): Reason | undefined {
  const name = 'emissionEnabled';
  if (!signal.known)
    return { name, kind: 'unknown', text: `Whether emission is switched on is unknown: ${signal.why}.` };
  if (signal.value) return { name, kind: 'good', text: 'Emission is switched on.' };
  return { name, kind: 'bad', text: 'The network’s emission to this subnet is switched off.' };
}

function weights(signal: Signal<WeightRows>): Reason {
  const name = 'weights';
  if (!signal.known)
    return { name, kind: 'unknown', text: `The validators’ weights are unknown: ${signal.why}.` };
  const { validators, givingOutside } = signal.value;
  if (validators === 0) return { name, kind: 'bad', text: 'No validator has set weights.' };
  if (givingOutside === 0) {
    return {
      name,
      kind: 'bad',
      text: `${validators === 1 ? 'The one validator' : `All ${validators} validators`} that set weights give everything to the owner’s keys.`,
    };
  }
  return {
    name,
    kind: 'good',
    text: `${givingOutside} of ${count(validators, 'validator')} that set weights give some of it to other miners.`,
  };
}

function lastPaid(signal: Signal<LastPaid>, verdict: Verdict): Reason | undefined {
  const name = 'lastPaid';
  if (verdict === 'pays') return undefined;
  if (!signal.known) return { name, kind: 'unknown', text: `Since when is unknown: ${signal.why}.` };
  const { value } = signal;
  if (value.kind === 'now') return undefined;
  if (value.kind === 'stopped') {
    const text = `Miners were last seen paid at ${pastText(value.paid)}, and no longer at ${pastText(value.unpaid)}.`;
    return { name, kind: 'bad', text };
  }
  const text = `No miner was paid since ${pastText(value.since)}, as far back as the endpoint remembers.`;
  return { name, kind: 'bad', text };
}

/** `block 8100000 (2026-05-06)`. */
function pastText({ block, at }: PastBlock): string {
  return at === undefined ? `block ${block}` : `block ${block} (${new Date(at).toISOString().slice(0, 10)})`;
}

function pruned(signal: Signal<boolean>): Reason | undefined {
  const name = 'nextToBePruned';
  if (!signal.known)
    return {
      name,
      kind: 'unknown',
      text: `Whether the subnet is next to be removed is unknown: ${signal.why}.`,
    };
  if (!signal.value) return { name, kind: 'good', text: 'The subnet is not the next to be removed.' };
  return { name, kind: 'warning', text: 'The subnet is the next to be removed when a new one is created.' };
}

/** Decisive reasons first, then dangers, then the rest, and what is unknown last. */
function rank(reason: Reason, verdict: Verdict): number {
  const decisive = verdict === 'pays' ? 'good' : 'bad';
  return [decisive, 'warning', 'good', 'bad', 'unknown'].indexOf(reason.kind);
}

function percent(share: number): string {
  const value = share * 100;
  if (value > 0 && value < 0.1) return 'less than 0.1 %';
  if (value > 99.9 && value < 100) return 'more than 99.9 %';
  return `${Number(value.toFixed(1))} %`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
