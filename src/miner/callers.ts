import { readFileSync, type Stats, statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Sv72Error } from '../errors/index.ts';
import { type BadLine, type CallersFile, parseCallersFile } from './callers-file.ts';

/** The verdict on a hotkey that asks. Stake is in rao. */
type Verdict =
  | { readonly allow: true; readonly stake: bigint; readonly listed?: boolean }
  | { readonly allow: false; readonly reason: string };

/** Who may ask. The policy is consulted for every request, so it is a look-up in memory. */
export interface Callers {
  readonly policy: (hotkey: string) => Verdict;
  /** Whether the hotkey is listed by name. */
  isKnown(hotkey: string): boolean;
  /** One line for the status block. */
  describe(): string;
  readonly badLines: readonly BadLine[];
  /** Reads the source again. */
  reload(): void;
  close(): void;
}

/** What happened when the file was read again. */
export type CallersEvent =
  | { readonly kind: 'reloaded'; readonly count: number; readonly badLines: readonly BadLine[] }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** Answers everybody who signs: for trying things out. */
export function anyCaller(): Callers {
  return {
    policy: () => ({ allow: true, stake: 0n }),
    isKnown: () => false,
    describe: () => 'anyone who signs',
    badLines: [],
    reload: () => undefined,
    close: () => undefined,
  };
}

export interface CallersFileOptions {
  readonly path: string;
  readonly onEvent?: (event: CallersEvent) => void;
  /** How often the file is looked at for changes, ms. */
  readonly pollMs?: number;
}

/**
 * Answers the hotkeys a file lists, and follows the file: a change takes effect within seconds. A file that can no
 * longer be read changes nothing.
 *
 * @throws ERR_CALLERS_FILE when it cannot be read at the start or lists nobody.
 */
export function callersFromFile(options: CallersFileOptions): Callers {
  const { path } = options;
  let seen = stampOf(path);
  let current = read(path);
  if (current.callers.size === 0) {
    throw new Sv72Error(
      'ERR_CALLERS_FILE',
      `The callers file ${path} lists no hotkey${badLinesText(current)}.`,
      {
        details: { path, lines: current.badLines.map((bad) => `${bad.line}: ${bad.reason}`) },
      },
    );
  }

  const reload = () => {
    seen = stampOf(path);
    try {
      current = read(path);
      options.onEvent?.({ kind: 'reloaded', count: current.callers.size, badLines: current.badLines });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      options.onEvent?.({ kind: 'unreadable', reason });
    }
  };
  // fs.watchFile would miss a change that comes before its own first look.
  const timer = setInterval(() => {
    void stat(path).then(
      (found) => {
        if (stamp(found) !== seen) reload();
      },
      () => {
        if (seen !== GONE) reload();
      },
    );
  }, options.pollMs ?? 2_000);
  timer.unref();

  return {
    policy(hotkey) {
      const stake = current.callers.get(hotkey);
      return stake === undefined
        ? { allow: false, reason: 'Hotkey is not in the list of callers' }
        : { allow: true, stake, listed: true };
    },
    isKnown: (hotkey) => current.callers.has(hotkey),
    describe: () => `${current.callers.size} from ${path}`,
    get badLines() {
      return current.badLines;
    },
    reload,
    close: () => clearInterval(timer),
  };
}

const GONE = 'gone';

function stamp({ mtimeMs, size, ino }: Stats): string {
  return `${mtimeMs} ${size} ${ino}`;
}

/** What tells one state of a file from the next. */
function stampOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? GONE : stamp(found);
}

function read(path: string): CallersFile {
  try {
    return parseCallersFile(readFileSync(path, 'utf8'));
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
    throw new Sv72Error('ERR_CALLERS_FILE', `The callers file ${path} cannot be read (${code}).`, {
      details: { path },
      cause,
    });
  }
}

function badLinesText({ badLines }: CallersFile): string {
  const first = badLines[0];
  return first === undefined ? '' : `: line ${first.line}: ${first.reason}`;
}
