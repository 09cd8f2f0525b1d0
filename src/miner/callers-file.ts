import { parseTao } from '../amount/index.ts';
import { isSs58 } from '../wallet/index.ts';

/** A line of a callers file that cannot be used. Lines count from 1. */
export interface BadLine {
  readonly line: number;
  readonly reason: string;
}

export interface CallersFile {
  /** Stake in rao by hotkey. */
  readonly callers: ReadonlyMap<string, bigint>;
  readonly badLines: readonly BadLine[];
}

const MOST_CALLERS = 10_000;

/**
 * Reads a list of callers: one SS58 address a line, a stake in TAO after it if wanted, `#` starts a comment.
 * Good lines count even where others are bad; nothing here throws.
 */
export function parseCallersFile(text: string): CallersFile {
  const callers = new Map<string, bigint>();
  const badLines: BadLine[] = [];
  for (const [index, whole] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .entries()) {
    const content = whole.split('#', 1)[0]?.trim() ?? '';
    if (content === '') continue;
    const reason = addCaller(callers, content);
    if (reason !== null) badLines.push({ line: index + 1, reason });
  }
  return { callers, badLines };
}

/** @returns why the line cannot be used, or null. */
function addCaller(callers: Map<string, bigint>, content: string): string | null {
  const [hotkey = '', stakeText = '0', ...rest] = content.split(/[\s,;]+/);
  if (rest.length > 0) return 'there is more than a hotkey and a stake';
  if (!isSs58(hotkey)) return 'this is no SS58 address of a hotkey';
  const stake = parseTao(stakeText);
  if (stake === undefined) return 'the stake is not a number of TAO such as 1200 or 0.5';
  if (callers.has(hotkey)) return 'this hotkey is listed twice';
  if (callers.size >= MOST_CALLERS) return `only ${MOST_CALLERS} hotkeys are read`;
  callers.set(hotkey, stake);
  return null;
}
