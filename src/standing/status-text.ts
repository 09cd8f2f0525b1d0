import { alphaJson, formatAlpha, formatTao, taoJson } from '../amount/index.ts';
import { axonText, blocksText, durationText } from '../chain/index.ts';
import { axonJson } from './metagraph-view.ts';
import type { ModelAge } from './model.ts';
import { payingJson, payingLines } from './paying-text.ts';
import { expectedText, type HotkeyStatus, type Status } from './status.ts';

/** The whole status for people: the verdict first, then what all hotkeys share, then each of them. */
export function statusLines(status: Status, now = Date.now()): string[] {
  const { netuid, block, blockMs, nextEpoch, model, alphaPrice } = status;
  const epoch =
    nextEpoch === undefined ? 'unknown' : `in ${blocksText(Math.max(0, nextEpoch - block), blockMs)}`;
  return [
    ...payingLines(status.paying, netuid),
    '',
    ...pairs([
      ['block', String(block)],
      ['next epoch', epoch],
      ['alpha', `${formatTao(alphaPrice)} each`],
      ...(haveTheirOwn(status) ? [] : [modelRow(model)]),
    ]),
    ...status.hotkeys.flatMap((hotkey) => ['', ...hotkeyLines(hotkey, status, now)]),
  ];
}

/** Whether not all hotkeys answer with the same profile and model. */
function haveTheirOwn({ hotkeys }: Status): boolean {
  const kinds = hotkeys.flatMap(({ hotkey: { serves } }) => {
    if (!serves) return [];
    const { profile, model } = serves;
    return [[profile, model?.name, model?.version, model?.madeAt].join(' ')];
  });
  return new Set(kinds).size > 1;
}

function modelRow(model: ModelAge | undefined): [string, string] {
  return ['model', model ? `${model.name} ${model.version}, ${age(model.ageDays)} old` : 'none found'];
}

function hotkeyLines(one: HotkeyStatus, status: Status, now: number): string[] {
  const { netuid, block, blockMs } = status;
  const { hotkey, neuron, standing } = one;
  const { serves } = hotkey;
  const own: [string, string][] =
    serves && haveTheirOwn(status) ? [['profile', serves.profile], modelRow(serves.model)] : [];
  const title = `${hotkey.wallet}/${hotkey.name}  ${hotkey.ss58 ?? '(address unknown: it is not in the wallet, or encrypted)'}`;
  if (!neuron || !standing) {
    return [title, ...pairs([['UID', `none on subnet ${netuid}`], ...own, ...challenges(one, now)], '  ')];
  }
  const immunity = standing.ownerProtected
    ? 'the owner’s: never pushed out'
    : standing.immuneFor > 0
      ? `${blocksText(standing.immuneFor, blockMs)} left`
      : 'over';
  return [
    title,
    ...pairs(
      [
        ['UID', String(neuron.uid)],
        [
          'registered',
          `block ${neuron.registeredAt}, ${blocksText(Math.max(0, block - neuron.registeredAt), blockMs)} ago`,
        ],
        ['immunity', immunity],
        ['pruning', place(one)],
        ['incentive', neuron.incentive.toFixed(5)],
        [
          'emission',
          `${formatAlpha(neuron.emission, netuid)} an epoch; a day ${formatAlpha(one.alphaPerDay, netuid)}, ${formatTao(one.taoPerDay)} now`,
        ],
        ['stake', stake(one, netuid)],
        ['axon', axon(one)],
        ...own,
        ...challenges(one, now),
      ],
      '  ',
    ),
  ];
}

function place({ standing }: HotkeyStatus): string {
  if (standing?.ownerProtected) return 'never';
  if (standing?.place === undefined || standing.registrationsUntilOut === undefined) {
    return 'out of reach: newcomers would go first';
  }
  const { registrationsUntilOut } = standing;
  if (registrationsUntilOut === 1) return 'NEXT: the next registration pushes it out';
  return `place ${standing.place}: ${registrationsUntilOut} registrations would push it out`;
}

function stake({ stake: amount, collateral }: HotkeyStatus, netuid: number): string {
  const text = formatAlpha(amount, netuid);
  return collateral === undefined
    ? text
    : `${text}, ${formatAlpha(collateral, netuid)} of it locked as collateral`;
}

function axon({ neuron, hotkey, axonMatches }: HotkeyStatus): string {
  if (!neuron?.axon) return 'not announced: no validator asks it';
  const text = axonText(neuron.axon);
  if (axonMatches === false) return `${text}, but this machine serves ${expectedText(hotkey.expected)}`;
  return axonMatches ? `${text}, as configured here` : text;
}

function challenges({ challenges: seen }: HotkeyStatus, now: number): [string, string][] {
  if (!seen) return [['challenges', 'no store on this machine']];
  const last = seen.lastAt === undefined ? 'none ever' : `last ${durationText(now - seen.lastAt)} ago`;
  return [['challenges', `${seen.received} in 24 h, ${seen.answered} answered; ${last}`]];
}

function pairs(list: readonly (readonly [string, string])[], indent = ''): string[] {
  return list.map(([label, value]) => `${indent}${label.padEnd(10)}  ${value}`);
}

function age(days: number): string {
  return `${Math.floor(days)} day${Math.floor(days) === 1 ? '' : 's'}`;
}

/** The status as JSON. */
export function statusJson(status: Status, network: string) {
  const { netuid, block, nextEpoch, model, alphaPrice } = status;
  return {
    network,
    netuid,
    block,
    paying: payingJson(status.paying),
    next_epoch: nextEpoch ?? null,
    blocks_to_epoch: nextEpoch === undefined ? null : Math.max(0, nextEpoch - block),
    alpha_price: taoJson(alphaPrice),
    model: modelJson(model),
    hotkeys: status.hotkeys.map((one) => hotkeyJson(one, netuid)),
  };
}

function modelJson(model: ModelAge | undefined) {
  if (!model) return null;
  return { name: model.name, version: model.version, made_at: model.madeAt, age_days: model.ageDays };
}

function hotkeyJson(one: HotkeyStatus, netuid: number) {
  const { hotkey, neuron, standing, challenges: seen } = one;
  return {
    wallet: hotkey.wallet,
    name: hotkey.name,
    ss58: hotkey.ss58 ?? null,
    uid: neuron?.uid ?? null,
    registered_at: neuron?.registeredAt ?? null,
    immune_for: standing?.immuneFor ?? null,
    owner_protected: standing?.ownerProtected ?? null,
    pruning_place: standing?.place ?? null,
    registrations_until_out: standing?.registrationsUntilOut ?? null,
    incentive: neuron?.incentive ?? null,
    emission: neuron ? alphaJson(neuron.emission, netuid) : null,
    alpha_per_day: neuron ? alphaJson(one.alphaPerDay, netuid) : null,
    tao_per_day: neuron ? taoJson(one.taoPerDay) : null,
    stake: neuron ? alphaJson(one.stake, netuid) : null,
    collateral: one.collateral === undefined ? null : alphaJson(one.collateral, netuid),
    axon: axonJson(neuron?.axon),
    profile: hotkey.serves?.profile ?? null,
    model: modelJson(hotkey.serves?.model),
    expected_axon: expectedText(hotkey.expected) ?? null,
    axon_matches: one.axonMatches ?? null,
    challenges_24h: seen?.received ?? null,
    answered_24h: seen?.answered ?? null,
    last_challenge_at: seen?.lastAt === undefined ? null : new Date(seen.lastAt).toISOString(),
  };
}
