import type { ChainFailure, FailureCode } from '../types.ts';
import { MODULE_ERRORS } from './modules.ts';
import { CUSTOM_NAMES, POOL_ERRORS, SENTENCES } from './pool.ts';
import type { Row } from './rows.ts';

const ROWS: ReadonlyMap<string, Row> = new Map([
  ...Object.entries(POOL_ERRORS),
  ...Object.entries(MODULE_ERRORS),
]);

const BY_LOWER_CASE: ReadonlyMap<string, string> = new Map(
  [...ROWS.keys()].map((name) => [name.toLowerCase(), name]),
);

/** A name of the chain with what it means; unknown names say so. */
export function failure(
  channel: ChainFailure['channel'],
  name: string,
  more: { readonly pallet?: string | undefined; readonly docs?: string | undefined } = {},
): ChainFailure {
  const row = ROWS.get(name);
  const docs = more.docs?.trim().replace(/\s+/g, ' ').slice(0, 200) ?? '';
  return {
    channel,
    pallet: more.pallet,
    name,
    code: row?.code ?? 'unknown',
    meaning: row?.meaning ?? unexplained(name, docs),
    next: row?.next ?? 'Look up the name in the documentation of the chain’s runtime.',
  };
}

function unexplained(name: string, docs: string): string {
  if (docs === '') return `The chain’s own word for it is ${name}, which sv72 has no explanation for.`;
  return `The chain says: ${/[.!?]$/.test(docs) ? docs : `${docs}.`}`;
}

/** A pool refusal by its custom number. */
export function customFailure(number: number): ChainFailure {
  return failure('pool', CUSTOM_NAMES[number] ?? `Custom${number}`);
}

/**
 * Reads what a node says when it refuses a transaction, in each of the spellings that are about:
 * `Custom error: 12`, `{"invalid":{"custom":12}}`, `{'Custom': 12}`, `{"invalid":"stale"}`, Substrate's sentences.
 * @returns undefined when nothing is recognised
 */
export function poolFailure(text: string): ChainFailure | undefined {
  const custom = /custom(?:\s+error)?["']?\s*:\s*["']?(\d{1,3})/i.exec(text);
  if (custom) return customFailure(Number(custom[1]));
  const sentence = SENTENCES.find(([pattern]) => pattern.test(text));
  if (sentence) return failure('pool', sentence[1]);
  const named = /["'](?:invalid|unknown)["']\s*:\s*\{?\s*["']([a-z]+)["']/i.exec(text);
  const name = named?.[1] === undefined ? undefined : BY_LOWER_CASE.get(named[1].toLowerCase());
  return name === undefined ? undefined : failure('pool', name);
}

/** What `sv72 explain` says about a word of the chain. */
export interface ChainExplanation {
  readonly name: string;
  readonly code: FailureCode;
  readonly meaning: string;
  readonly next: string;
  /** The pool's number for it, `Custom error: N`. */
  readonly custom: number | undefined;
}

/**
 * Explains a word of the chain: a name (`NotEnoughBalanceToStake`, with or without its pallet, in any case), a text of the pool
 * (`Custom error: 12`), or its number alone.
 * @returns undefined when it is none that is known
 */
export function explainChainWord(word: string): ChainExplanation | undefined {
  const text = word.trim();
  const bare = /^(?:[A-Za-z]+(?:\.|::))?([A-Za-z0-9]+)$/.exec(text)?.[1] ?? '';
  const named = BY_LOWER_CASE.get(bare.toLowerCase());
  const number = /^\d{1,3}$/.test(text) ? Number(text) : undefined;
  const found =
    named !== undefined
      ? failure('dispatch', named)
      : number !== undefined && number in CUSTOM_NAMES
        ? customFailure(number)
        : poolFailure(text);
  if (!found || !ROWS.has(found.name)) return undefined;
  const { name, code, meaning, next } = found;
  const custom = Object.entries(CUSTOM_NAMES).find(([, customName]) => customName === name)?.[0];
  return { name, code, meaning, next, custom: custom === undefined ? undefined : Number(custom) };
}

/** All names that can be explained, for listing and for tests of completeness. */
export function explainedNames(): readonly string[] {
  return [...ROWS.keys()];
}
