import { formatTao, type Rao } from '../amount/index.ts';
import {
  blocksText,
  type Hyperparameter,
  hyperparameterText,
  hyperparameterWords,
  type PriceMovement,
  type PriceRule,
  type Subnet,
} from '../chain/index.ts';

const TOPICS = {
  registering: 'Registering',
  staying: 'Staying',
  pay: 'Pay',
  serving: 'Serving',
  validators: 'Validators',
  other: 'Other',
} as const;

/** What a subnet is, as labels and values. */
export function subnetPairs(
  subnet: Subnet,
  { block, blockMs, price }: { readonly block: number; readonly blockMs: number; readonly price: Rao },
): [string, string][] {
  const { nextEpoch } = subnet;
  return [
    ['name', [subnet.name, subnet.symbol].filter(Boolean).join(' ') || '(none)'],
    ['owner', `${subnet.ownerHotkey} (hotkey), ${subnet.ownerColdkey} (coldkey)`],
    ['exists since', `block ${subnet.registeredAt}, ${blocksText(block - subnet.registeredAt, blockMs)} ago`],
    ['neurons', `${subnet.uids} of ${subnet.maxUids}`],
    ['registration', formatTao(price)],
    [
      'alpha',
      `${formatTao(subnet.alphaPrice)} now, τ ${Number(subnet.movingPrice.toPrecision(6))} on the moving average`,
    ],
    [
      'next epoch',
      nextEpoch === undefined
        ? 'unknown'
        : `block ${nextEpoch}, in ${blocksText(Math.max(0, nextEpoch - block), blockMs)}`,
    ],
    [
      'emission',
      { true: 'switched on', false: 'switched off', undefined: 'unknown' }[`${subnet.emissionEnabled}`],
    ],
  ];
}

/** How the price moves, in a sentence. */
export function priceText(rule: PriceRule, movement: PriceMovement | undefined, blockMs: number): string {
  if (rule.kind === 'interval') {
    return `The price is adjusted every ${blocksText(rule.intervalBlocks, blockMs)}, by demand.`;
  }
  const decay =
    rule.halfLife === 0 ? 'does not fall by itself' : `halves in ${blocksText(rule.halfLife, blockMs)}`;
  const factor = Number((Number(rule.increaseBits) / 2 ** 64).toPrecision(4));
  const lately =
    movement?.registrations === undefined
      ? ''
      : ` ${movement.registrations} registration${movement.registrations === 1 ? '' : 's'} in the last ${blocksText(movement.to.block - movement.from.block, blockMs)}.`;
  return `The price ${decay} and rises by ${factor} with each registration.${lately}`;
}

/** Settings by topic: a heading, then name, value and meaning of each. Those without known words come last, by name alone. */
export function hyperparameterLines(list: readonly Hyperparameter[], blockMs: number): string[] {
  const known = list.filter(({ name }) => hyperparameterWords(name) !== undefined);
  const names = Math.max(0, ...list.map(({ name }) => name.length));
  const texts = new Map(list.map((one) => [one.name, hyperparameterText(one, blockMs)]));
  const width = Math.min(28, Math.max(0, ...[...texts.values()].map(({ length }) => length)));
  const line = (one: Hyperparameter) => {
    const meaning = hyperparameterWords(one.name)?.meaning ?? '';
    return `  ${one.name.padEnd(names)}  ${(texts.get(one.name) ?? '').padEnd(width)}  ${meaning}`.trimEnd();
  };
  const sections = Object.entries(TOPICS).flatMap(([topic, title]) => {
    const of = known.filter(({ name }) => hyperparameterWords(name)?.topic === topic);
    return of.length === 0 ? [] : ['', title, ...of.map(line)];
  });
  const rest = list.filter(({ name }) => hyperparameterWords(name) === undefined);
  return rest.length === 0 ? sections : [...sections, '', 'Without a description here', ...rest.map(line)];
}

/** A setting as JSON. */
export function hyperparameterJson(one: Hyperparameter, blockMs: number) {
  const known = hyperparameterWords(one.name);
  return {
    name: one.name,
    value: typeof one.value === 'bigint' ? one.value.toString() : one.value,
    text: hyperparameterText(one, blockMs),
    topic: known?.topic ?? null,
    meaning: known?.meaning ?? null,
  };
}
