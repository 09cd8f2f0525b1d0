import { stripVTControlCharacters } from 'node:util';
import { Sv72Error } from '../errors/index.ts';

/** Errors of the command-line parser, which name themselves by `oclif`. */
interface ParserFailure extends Error {
  readonly oclif?: { readonly exit?: number };
  readonly code?: unknown;
}

/** How the parser wraps what a flag's own parsing throws. */
const WRAPPED = /^Parsing --(\S+) \n\t([\s\S]*)\nSee more help with --help$/;

/** A failure of a command whose JSON is one object a line, so that it is reported like that, too. */
export class FailureInLines extends Error {}

/** The JSON form of a failure: the same object for every command. */
export interface FailureJson {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly next: string;
    readonly who: string;
    readonly exit: number;
    readonly details: object;
  };
}

/**
 * Turns anything thrown into one of our errors: usage errors of the parser, Ctrl-C, and bugs.
 * @param suggest known command ids, for "did you mean"
 */
export function asSv72Error(thrown: unknown, suggest: readonly string[] = []): Sv72Error {
  if (thrown instanceof Sv72Error) return unwrapped(thrown);
  const error: ParserFailure = thrown instanceof Error ? thrown : new Error(String(thrown));
  if (error.name === 'ExitPromptError' || error.message === 'SIGINT') {
    return new Sv72Error('ERR_INTERRUPTED', 'Interrupted.');
  }
  const unknownCommand = /^command (.+) not found$/.exec(error.message)?.[1];
  if (unknownCommand !== undefined) {
    return unknownCommandError(unknownCommand.replaceAll(':', ' '), suggest);
  }
  if ('syscall' in error && error.syscall === 'uv_cwd') {
    return new Sv72Error('ERR_FILE_READ', 'The current folder does not exist any more.', {
      next: 'Change to another folder, then run the command again.',
      cause: error,
    });
  }
  if (error.code === 'MODULE_NOT_FOUND' || error.code === 'ERR_MODULE_NOT_FOUND') return damaged(error);
  // What looks whether a file or folder is there throws an error of no kind, which the parser wraps as it is.
  if ('oclif' in error || WRAPPED.test(error.message)) {
    const [, flag, inner] = WRAPPED.exec(error.message) ?? [];
    const text = inner === undefined ? error.message : `--${flag}: ${inner}`;
    const [first = 'The command line is wrong', ...rest] = stripVTControlCharacters(text)
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '' && !line.startsWith('See more help'));
    return new Sv72Error('ERR_USAGE', sentence(usageMessage(first, rest)), { cause: error });
  }
  return new Sv72Error('ERR_BUG', sentence(`sv72 failed unexpectedly: ${error.message}`), { cause: error });
}

/** The sentence that a flag's own parsing refused its value with. */
function unwrapped(error: Sv72Error): Sv72Error {
  const [, flag, sentence] = WRAPPED.exec(error.message) ?? [];
  if (sentence === undefined) return error;
  const { code, next, details, cause } = error;
  return new Sv72Error(code, `--${flag}: ${sentence}`, { next, details, cause });
}

/** Everything that sv72 may do without is looked for where it is used, so here a file of its own, or of a package it needs, is gone. */
function damaged(error: Error): Sv72Error {
  const missing = /Cannot find (?:module|package) '([^']+)'/.exec(error.message)?.[1];
  const what = missing === undefined ? 'A file' : `The file ${missing}`;
  return new Sv72Error('ERR_BUG', `${what} is missing, so the installation of sv72 is damaged.`, {
    next: 'Install sv72 again; if it happens again, report it with the output of `sv72 --version`.',
    details: { missing: missing ?? null },
    cause: error,
  });
}

/** What follows a known command may be a secret, and only the first words of an unknown one are repeated. */
function unknownCommandError(asked: string, known: readonly string[]): Sv72Error {
  const command = known.find((id) => asked.startsWith(`${id} `));
  const near = closest(asked, known);
  if (command !== undefined && near === undefined) {
    return new Sv72Error('ERR_USAGE', `There are arguments that \`sv72 ${command}\` does not take.`, {
      next: `Run \`sv72 ${command} --help\` to see what it takes.`,
    });
  }
  const words = asked.split(' ').slice(0, 2).map(shown).join(' ');
  return new Sv72Error('ERR_USAGE', `There is no command \`sv72 ${words}\`.`, {
    next: near ? `Did you mean \`sv72 ${near}\`?` : 'Run `sv72 --help` to see all commands.',
  });
}

/** What was typed in the wrong place may be a secret, so words that look like one are not repeated. */
function usageMessage(first: string, rest: readonly string[]): string {
  const unexpected = /^Unexpected arguments?: (.*)$/.exec(first);
  if (unexpected?.[1] !== undefined) {
    return /\s|^0x|[0-9a-f]{16}|.{25}/i.test(unexpected[1])
      ? 'There are arguments that this command does not take'
      : `This command does not take the argument ${shown(unexpected[1])}`;
  }
  // A flag that is not known was perhaps meant to take a secret: --mnemonc="word word …".
  const unknown = /^Nonexistent flags?: (.*)$/.exec(first)?.[1];
  if (unknown !== undefined) {
    const names = unknown.split(/\s*,\s*(?=-)/).map((flag) => shown(flag.replace(/=.*$/, '')));
    return `Nonexistent flag${names.length > 1 ? 's' : ''}: ${names.join(', ')}`;
  }
  return [first, ...rest].join(' ');
}

function shown(text: string): string {
  return text.length > 24 ? `${text.slice(0, 21)}…` : text;
}

function sentence(text: string): string {
  const trimmed = text.trim();
  return /[.!?…]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

/** Renders a failure for people, on stderr. */
export function failureText(error: Sv72Error, colour: (text: string) => string = (text) => text): string {
  return `${colour('Error:')} ${error.message}\n${error.next}\n(${error.code}, exit ${error.exit}; \`sv72 explain ${error.code}\` says more)\n`;
}

/** Renders a failure for programs, on stdout. */
export function failureJson(error: Sv72Error): FailureJson {
  const { code, message, next, exit, details } = error;
  return { error: { code, message, next, who: error.entry.who, exit, details } };
}

/** The known word with the fewest edits, when that is few. */
function closest(word: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let fewest = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const distance = edits(word, candidate);
    if (distance < fewest) {
      best = candidate;
      fewest = distance;
    }
  }
  return best;
}

/** Levenshtein distance. */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
