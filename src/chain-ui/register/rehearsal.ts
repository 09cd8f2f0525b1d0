import { formatTao, rao, taoJson } from '../../amount/index.ts';
import {
  type Chain,
  type ChainEvent,
  type Plain,
  type PlannedCall,
  type RegisterRequest,
  type Rehearsal,
  type RehearsalProgress,
  type RehearsedCall,
  rehearse,
} from '../../chain/index.ts';
import { Sv72Error } from '../../errors/index.ts';
import type { ResultOf } from '../../results/index.ts';

export interface RehearsalOptions {
  readonly chain: Chain;
  readonly request: RegisterRequest;
  readonly calls: readonly PlannedCall[];
  /** Where chopsticks is installed. */
  readonly folder: string;
  readonly onProgress: (progress: RehearsalProgress) => void;
}

/**
 * Executes the calls of a registration on a fork, in the name of who would sign them.
 * @throws ERR_WALLET_NOT_FOUND when not even the public half of that key is here; as `rehearse`
 */
export async function rehearseRegistration(options: RehearsalOptions): Promise<Rehearsal> {
  const { chain, request, calls, ...rest } = options;
  const { signer, real } = request;
  if (signer === undefined) {
    throw new Sv72Error('ERR_WALLET_NOT_FOUND', 'It is not known whose transaction is to be rehearsed.', {
      next: 'Name the wallet with -w; its coldkeypub.txt is enough, the coldkey itself is not needed.',
    });
  }
  const accounts = real === undefined ? [signer.ss58] : [signer.ss58, real];
  return await rehearse(chain, { ...rest, calls: calls.map(({ call }) => call), signer, accounts });
}

/** What happened on the fork, for people. */
export function rehearsalLines(rehearsal: Rehearsal, calls: readonly PlannedCall[]): string[] {
  return [
    `Rehearsed on a local fork of block ${rehearsal.block.number}. Nothing was sent.`,
    ...rehearsal.calls.flatMap((one, index) => [
      `  ${targetText(calls[index])}: ${outcomeText(one)}`,
      ...one.events.map((event) => `    ${eventText(event)}`),
    ]),
    ...rehearsal.balances.map(({ ss58, before, after }) => {
      const change =
        before >= after ? `${formatTao(rao(before - after))} less` : `${formatTao(rao(after - before))} more`;
      return `  Balance of ${ss58}: ${formatTao(rao(before))} before, ${formatTao(rao(after))} after, ${change}`;
    }),
    ...left(rehearsal, calls),
  ];
}

/** For --json. */
export function rehearsalJson(
  rehearsal: Rehearsal,
  calls: readonly PlannedCall[],
): NonNullable<ResultOf<'register'>['rehearsal']> {
  return {
    block: rehearsal.block.number,
    block_hash: rehearsal.block.hash,
    calls: rehearsal.calls.map(({ fee, seats, failure, events }, index) => ({
      hotkey: calls[index]?.target.ss58 ?? '',
      uid: seats[0]?.uid ?? null,
      fee: fee === undefined ? null : taoJson(rao(fee)),
      failure: failure === undefined ? null : { ...failure },
      events: events.map(eventText),
    })),
    balances: rehearsal.balances.map(({ ss58, before, after }) => ({
      address: ss58,
      before: taoJson(rao(before)),
      after: taoJson(rao(after)),
    })),
  };
}

/** A line of progress; undefined for what is not worth one. */
export function rehearsalNews(progress: RehearsalProgress, seen: { answers: number }): string | undefined {
  if (progress.kind === 'forking') return `Forking the chain at block ${progress.block.number} …`;
  if (progress.kind === 'executing') return `Executing call ${progress.index + 1} on the fork …`;
  // A large chain's block reads thousands of values: a line now and then shows that it goes on.
  if (progress.answers < seen.answers * 2 || progress.answers < 100) return undefined;
  seen.answers = progress.answers;
  return `${progress.answers} questions about the chain’s state answered …`;
}

function targetText(call: PlannedCall | undefined): string {
  const { name, ss58 = '' } = call?.target ?? {};
  return name === undefined ? ss58 : `${name} (${ss58})`;
}

function outcomeText({ fee, seats, failure }: RehearsedCall): string {
  const cost = fee === undefined ? '' : `, fee ${formatTao(rao(fee))}`;
  if (failure !== undefined) return `fails with ${failure.name}${cost}. ${failure.meaning} ${failure.next}`;
  const seat = seats.map(({ netuid, uid }) => `UID ${uid} on subnet ${netuid}`).join(', ');
  return `${seat || 'succeeds'}${cost}`;
}

function left({ calls: done }: Rehearsal, calls: readonly PlannedCall[]): string[] {
  return calls
    .slice(done.length)
    .map((call) => `  ${targetText(call)}: not tried, because one before it failed`);
}

function eventText({ pallet, name, fields }: ChainEvent): string {
  const inner = Object.entries(fields).map(([field, value]) =>
    /^\d+$/.test(field) ? valueText(value) : `${field}: ${valueText(value)}`,
  );
  return `${pallet}.${name}(${inner.join(', ')})`;
}

function valueText(value: Plain): string {
  if (typeof value !== 'object') return value === undefined ? 'none' : String(value);
  if (isVariant(value))
    return value.value === undefined ? value.type : `${value.type}(${valueText(value.value)})`;
  const inner = Object.entries(value).map(([field, one]) =>
    Array.isArray(value) ? valueText(one) : `${field}: ${valueText(one)}`,
  );
  return Array.isArray(value) ? `[${inner.join(', ')}]` : `{ ${inner.join(', ')} }`;
}

function isVariant(value: object): value is { readonly type: string; readonly value?: Plain } {
  return (
    'type' in value &&
    typeof value.type === 'string' &&
    Object.keys(value).every((key) => key === 'type' || key === 'value')
  );
}
