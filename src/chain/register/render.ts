import { formatTao, type Rao, rao } from '../../amount/index.ts';
import {
  blocksText,
  blocksUntilPrice,
  durationText,
  type PriceRule,
  priceAfterBlocks,
  priceMovement,
} from '../rules/index.ts';
import type { Chain, SubmitStatus } from '../types.ts';
import { type RunBill, unregistered } from './bills.ts';
import type { Leaving } from './leaving.ts';
import { countText, proofTimeText } from './pow/words.ts';
import type { Preparation } from './prepare.ts';
import type { Registered, RegisterNews, Target } from './request.ts';
import type { Survey } from './survey.ts';

type Row = readonly [name: string, value: string, remark?: string | undefined];
type Clock = Pick<Chain, 'blockMs'>;

/** The bill for people: what it costs, what becomes of it, where one would end up, and whether it pays. */
export function billLines(preparation: Preparation, chain: Clock & Pick<Chain, 'identity'>): string[] {
  const { request, survey, bill } = preparation;
  const rows: Row[] = [
    ...(request.way === 'burn' ? priceRows(preparation, chain) : workRows(survey)),
    ...(bill === undefined ? [] : costRows(survey, bill, request.way === 'burn')),
    ...slotRows(survey, chain),
    ...payingRows(preparation),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const indent = ' '.repeat(width + 4);
  return [
    `Registration on subnet ${survey.netuid}, ${chain.identity.network}, block ${survey.head.number}`,
    ...survey.hotkeys.map(
      ({ target, uid }) =>
        `  ${nameOf(target)}${uid === undefined ? '' : `: registered already, UID ${uid}`}`,
    ),
    '',
    ...rows.flatMap(([name, value, remark]) => [
      `  ${name.padEnd(width)}  ${value}`,
      ...(remark === undefined ? [] : [`${indent}${remark}`]),
    ]),
  ];
}

function priceRows({ survey, bill, ceilingHeld }: Preparation, chain: Clock): Row[] {
  const { price, rule } = survey;
  const rows: Row[] = [['Price', formatTao(price), movementText(survey, chain)]];
  const awaited = bill?.lines[0]?.bill.price;
  if (awaited !== undefined && awaited < price) {
    const blocks = blocksUntilPrice(price, awaited, rule);
    const when =
      blocks === undefined
        ? 'which it does not reach by itself'
        : `in ${blocksText(blocks, chain.blockMs)} if nobody registers`;
    rows.push(['Waits for', formatTao(awaited), when]);
  }
  const later = laterText(price, rule, chain);
  if (later !== undefined) rows.push(['Later', later]);
  const lines = bill?.lines ?? [];
  if (lines.length > 1) {
    rows.push(['Each', lines.map((line) => formatTao(line.bill.price)).join(', then ')]);
  }
  const free = survey.pow?.allowed === true;
  if (free) rows.push(['For free', 'this subnet also takes proof of work: --pow costs only the fee']);
  if (!ceilingHeld) {
    rows.push([
      'Ceiling',
      'this chain’s runtime cannot hold one: the price is read again right before signing,',
      'but until the block it may rise above the ceiling, and then that is paid',
    ]);
  }
  return rows;
}

function laterText(price: Rao, rule: PriceRule, { blockMs }: Clock): string | undefined {
  if (rule.kind === 'interval') return undefined;
  if (rule.halfLife === 0) return 'it does not fall by itself';
  const half = priceAfterBlocks(price, rule.halfLife, rule);
  if (half === price) return 'it is at its floor';
  return `${formatTao(half)} in ${blocksText(rule.halfLife, blockMs)}, if nobody registers`;
}

function movementText({ history, rule }: Survey, { blockMs }: Clock): string | undefined {
  const movement = priceMovement(history, rule);
  if (movement === undefined) return undefined;
  const { from, to, registrations } = movement;
  const time = durationText((to.block - from.block) * blockMs);
  const by =
    registrations === undefined
      ? ''
      : registrations === 0
        ? ', no registrations'
        : `, about ${registrations === 1 ? 'one registration' : `${registrations} registrations`}`;
  return `in the last ${time}: from ${formatTao(from.price)} to ${formatTao(to.price)}${by}`;
}

function workRows({ pow }: Survey): Row[] {
  return [['Price', 'nothing: by proof of work', `difficulty ${pow?.difficulty}, as many tries on average`]];
}

function costRows(survey: Survey, bill: RunBill, byPaying: boolean): Row[] {
  const rows: Row[] = [];
  if (byPaying) {
    rows.push(['Burned', formatTao(bill.burned), 'nobody gives it back']);
    const required = bill.lines.reduce((sum, line) => sum + line.bill.lockRequired, 0n);
    if (required > 0n) {
      rows.push([
        'Locked',
        `${formatTao(bill.locked)} as collateral`,
        'freed only by earning on the subnet; it stays locked when the miner is pushed out',
      ]);
    }
  }
  const payer = bill.feeBy === 'proxy' ? `, paid by the proxy ${survey.proxy?.ss58}` : '';
  const count = bill.lines.length > 1 ? ` for ${bill.lines.length} transactions` : '';
  rows.push(['Fee', `${bill.fee === 0n ? 'none' : formatTao(bill.fee)}${count}${payer}`]);
  rows.push(['Total', formatTao(bill.total)]);
  rows.push([
    'Account',
    `${survey.coldkey?.ss58}`,
    `${formatTao(bill.free)} free now, ${formatTao(bill.remaining)} afterwards`,
  ]);
  rows.push(['Stays', `${formatTao(survey.existentialDeposit)} has to stay in the account`]);
  return rows;
}

function slotRows(survey: Survey, { blockMs }: Clock): Row[] {
  const { slot, immunityPeriod, maxUids, leaving } = survey;
  if (slot.kind === 'none') return [['Slot', 'none: full, and nobody may be pushed out']];
  const first =
    slot.kind === 'free'
      ? `free, UID ${slot.uid} of ${maxUids}`
      : `all ${maxUids} are taken: UID ${slot.uid} is pushed out`;
  return [
    ['Slot', first],
    ...leaving.map((one, index): Row => [index === 0 ? 'Pushed out' : '', ...leavingText(survey, one)]),
    ...crowdedRows(survey),
    ['Immunity', `${blocksText(immunityPeriod, blockMs)} from the registration`],
  ];
}

function leavingText({ coldkey }: Survey, { uid, hotkey, ...one }: Leaving): [string, string?] {
  const remarks = [
    ...(coldkey !== undefined && one.coldkey === coldkey.ss58
      ? ['IT IS YOUR OWN: the same coldkey owns it, and it would have to be registered anew']
      : []),
    ...(one.immune ? ['though it is immune: too few are not'] : []),
  ];
  const name = `UID ${uid}, ${hotkey}`;
  return remarks.length === 0 ? [name] : [name, remarks.join('; ')];
}

/** More registrations than there are others to go: the later ones would push out the earlier ones. */
function crowdedRows(survey: Survey): Row[] {
  const beyond = unregistered(survey).length - survey.freeSlots - survey.leaving.length;
  if (beyond <= 0) return [];
  return [
    [
      '',
      `for ${beyond} of these registrations nobody is left to go but a newcomer of this very run, if anybody`,
    ],
  ];
}

function payingRows({ paying }: Preparation): Row[] {
  const verdict = {
    pays: 'The subnet pays its miners now.',
    nobody: 'THE SUBNET PAYS NO MINER NOW: a registration earns nothing until that changes.',
    unknown: 'Whether the subnet pays its miners cannot be told.',
  }[paying.verdict];
  const wanted = paying.verdict === 'pays' ? ['warning'] : ['bad', 'warning', 'unknown'];
  const reasons = paying.reasons.filter(({ kind }) => wanted.includes(kind)).map(({ text }) => text);
  return [['Paying', verdict], ...reasons.map((text): Row => ['', text])];
}

/** One thing that goes on, as a line for people. */
export function newsLine(news: RegisterNews): string {
  switch (news.kind) {
    case 'unsettled':
      return `A registration of ${nameOf(news.hotkey)} was signed before and may still happen, until block ${news.entry.extrinsic.death}; waiting for that.`;
    case 'behind':
      return behindLine(news);
    case 'waiting':
      return news.blocksLeft === 0
        ? `Block ${news.block}: waiting until it is final that the earlier registration can happen no more, or has.`
        : `Block ${news.block}: up to ${news.blocksLeft} block${news.blocksLeft === 1 ? '' : 's'} left, about ${durationText(news.msLeft)}.`;
    case 'settled':
      return {
        succeeded: `The earlier registration of ${nameOf(news.hotkey)} happened.`,
        failed: `The earlier registration of ${nameOf(news.hotkey)} failed on chain; only its fee was paid.`,
        'never-happened': `The earlier registration of ${nameOf(news.hotkey)} did not happen and cannot happen any more.`,
        over: `The earlier registration of ${nameOf(news.hotkey)} is over; the endpoint has forgotten what became of it.`,
      }[news.what];
    case 'price':
      return `Block ${news.block}: the price is ${formatTao(news.price)}, waiting for ${formatTao(news.target)}.`;
    case 'mining':
      return miningLine(news);
    case 'signed':
      return `Signed ${news.extrinsic} for ${nameOf(news.hotkey)}, valid until block ${news.death}.`;
    case 'submitted':
      return submittedLine(news.status);
    case 'registered':
      return registeredLine(news.registered);
  }
}

function behindLine({ block, birth, note }: Extract<RegisterNews, { kind: 'behind' }>): string {
  const blocks = `${birth - block} block${birth - block === 1 ? '' : 's'}`;
  return `This endpoint is at block ${block}, ${blocks} behind the one that registration was signed upon: it lags, or it is another or a restarted chain. Waiting for it; if that chain is gone for good, stop this and delete ${note}.`;
}

function registeredLine({ hotkey, uid, receipt }: Registered): string {
  if (receipt === undefined)
    return `${nameOf(hotkey)} is registered already: UID ${uid}. Nothing was sent for it.`;
  const { charged, block, fee } = receipt;
  const cost =
    charged === undefined ? '' : `, for ${formatTao(rao(charged))} and a fee of ${formatTao(rao(fee))}`;
  return `${nameOf(hotkey)} is registered: UID ${uid}, block ${block}${cost}.`;
}

function submittedLine(status: SubmitStatus): string {
  return {
    sent: 'Sent; waiting for a block.',
    future: 'The node keeps it until an earlier transaction of this key is through.',
    'in-block': 'In a block; waiting for finality.',
    retracted: 'Its block was given up by the chain; waiting for another one.',
    finalized: 'Final.',
    searching: `Looking for it in the blocks${status.kind === 'searching' ? `: ${status.reason}` : ''}.`,
    'sent-again': 'The node had lost it and took it again: the same bytes, which can happen once only.',
  }[status.kind];
}

function miningLine({ tried, rate, difficulty, block }: Extract<RegisterNews, { kind: 'mining' }>): string {
  const time = proofTimeText(difficulty, rate);
  const sofar =
    time === undefined
      ? ''
      : `: ${countText(Number(tried))} tries, ${countText(rate)} a second, on average ${time}`;
  return `Searching upon block ${block}${sofar} for difficulty ${difficulty}.`;
}

const nameOf = ({ name, ss58 }: Target): string => (name === undefined ? ss58 : `${name} (${ss58})`);
