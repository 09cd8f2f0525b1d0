import { type AmountJson, type Rao, rao, taoJson } from '../../amount/index.ts';
import type {
  Chain,
  PlannedCall,
  Preparation,
  Registered,
  RegisterRequest,
  Rehearsal,
  SignedCheck,
} from '../../chain/index.ts';
import type { ResultOf } from '../../results/index.ts';
import { rehearsalJson } from './rehearsal.ts';

type Result = ResultOf<'register'>;

export interface Report {
  readonly outcome: Result['outcome'];
  readonly chain: Chain;
  readonly request: RegisterRequest;
  readonly registered?: readonly Registered[];
  readonly preparation?: Preparation | undefined;
  readonly ceiling?: Rao | undefined;
  readonly calls?: readonly PlannedCall[];
  readonly check?: SignedCheck;
  readonly rehearsal?: Rehearsal;
  readonly natix?: Result['natix'];
}

/** What `register` returns for --json. */
export function registerResult(report: Report): Result {
  const { outcome, chain, request, preparation } = report;
  const ceiling = report.ceiling ?? highestCeiling(report.registered ?? []);
  return {
    outcome,
    network: chain.identity.network,
    netuid: request.netuid,
    way: request.way,
    coldkey: request.real ?? request.signer?.ss58 ?? null,
    signer: request.signer?.ss58 ?? null,
    ceiling: ceiling === undefined || request.way === 'pow' ? null : taoJson(ceiling),
    hotkeys: report.registered?.map(hotkeyJson) ?? preparation?.survey.hotkeys.map(unsentJson) ?? [],
    bill: billJson(preparation),
    pushed_out: preparation === undefined ? null : leavingJson(preparation),
    paying: preparation?.paying.verdict ?? null,
    calls:
      report.calls?.map(({ target, call }) => ({ hotkey: target.ss58, call: call.hex, human: call.human })) ??
      [],
    check: checkJson(report.check),
    rehearsal: report.rehearsal === undefined ? null : rehearsalJson(report.rehearsal, report.calls ?? []),
    natix: report.natix ?? null,
  };
}

/** What was agreed to in an earlier run, where this one asked nobody. */
function highestCeiling(registered: readonly Registered[]): Rao | undefined {
  return registered
    .flatMap(({ receipt }) => receipt?.ceiling ?? [])
    .reduce<Rao | undefined>((most, one) => (most === undefined || one > most ? one : most), undefined);
}

function hotkeyJson({ hotkey, uid, receipt }: Registered): Result['hotkeys'][number] {
  return {
    hotkey: hotkey.ss58,
    name: hotkey.name ?? null,
    uid,
    already: receipt === undefined,
    block: receipt?.block ?? null,
    block_hash: receipt?.blockHash ?? null,
    extrinsic: receipt?.extrinsic ?? null,
    extrinsic_index: receipt?.extrinsicIndex ?? null,
    charged: amount(receipt?.charged),
    fee: amount(receipt?.fee),
  };
}

function unsentJson({ target, uid }: Preparation['survey']['hotkeys'][number]): Result['hotkeys'][number] {
  return {
    hotkey: target.ss58,
    name: target.name ?? null,
    uid: uid ?? null,
    already: uid !== undefined,
    block: null,
    block_hash: null,
    extrinsic: null,
    extrinsic_index: null,
    charged: null,
    fee: null,
  };
}

function billJson(preparation: Preparation | undefined): Result['bill'] {
  const bill = preparation?.bill;
  if (bill === undefined || preparation === undefined) return null;
  return {
    price: taoJson(bill.lines[0]?.bill.price ?? preparation.survey.price),
    burned: taoJson(bill.burned),
    locked: taoJson(bill.locked),
    charge: taoJson(bill.charge),
    fee: taoJson(bill.fee),
    total: taoJson(bill.total),
    free: taoJson(bill.free),
    remaining: taoJson(bill.remaining),
    existential_deposit: taoJson(preparation.survey.existentialDeposit),
    fee_by: bill.feeBy,
  };
}

function leavingJson({ survey }: Preparation): NonNullable<Result['pushed_out']> {
  return survey.leaving.map(({ uid, hotkey, coldkey, immune }) => ({
    uid,
    hotkey,
    coldkey: coldkey ?? null,
    own: coldkey !== undefined && coldkey === survey.coldkey?.ss58,
    immune,
  }));
}

function checkJson(check: SignedCheck | undefined): Result['check'] {
  if (check === undefined) return null;
  const reason =
    check.kind === 'refused' ? check.failure.meaning : check.kind === 'not-made' ? check.why : null;
  return { kind: check.kind, reason, checked: check.kind === 'valid' ? check.checked : 0 };
}

const amount = (count: bigint | undefined): AmountJson | null =>
  count === undefined ? null : taoJson(rao(count));
