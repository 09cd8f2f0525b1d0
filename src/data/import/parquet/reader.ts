import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ERRORS, type ErrorCode, Sv72Error } from '../../../errors/index.ts';
import { type DescribedRow, damaged, type PictureFile, type Window } from './file.ts';
import type { Answer, Failure, Question, Reply } from './messages.ts';

/** When a file counts as one that cannot be read to its end. */
export interface Patience {
  /** Without a sign of life, milliseconds. An honest piece of a gigabyte takes some seconds. */
  readonly silenceMs: number;
  /** Memory of the process besides the pictures, mebibytes. */
  readonly memoryMib: number;
}

const PATIENCE: Patience = { silenceMs: 60_000, memoryMib: 1_024 };
/** How many times the file's length may be read for one answer, and what is allowed in any case, bytes. */
const READS = { times: 2, atLeast: 64e6 };
/** A piece of nothing counts as so many bytes, so that nothing is not read for ever. */
const LEAST_READ = 4_096;
const PASSED_ON = /^(PATH|HOME|TMPDIR|TEMP|TMP|LANG|LC_.*|TZ|SYSTEMROOT)$/i;

/** A parquet file that a process of its own reads; whatever becomes of that process, this one goes on. */
export class ParquetReader {
  readonly #path: string;
  readonly #child: ChildProcess;
  readonly #patience: Patience;
  readonly #mostRead: number;
  #last: Promise<unknown> = Promise.resolve();
  rows = 0;
  windows: readonly Window[] = [];

  private constructor(path: string, bytes: number, patience: Patience) {
    this.#path = path;
    this.#patience = patience;
    this.#mostRead = READS.times * bytes + READS.atLeast;
    this.#child = fork(childFile(), [], {
      serialization: 'advanced',
      execArgv: [`--max-old-space-size=${patience.memoryMib}`],
      env: {
        ...Object.fromEntries(Object.entries(process.env).filter(([name]) => PASSED_ON.test(name))),
        NODE_NO_WARNINGS: '1',
      },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      // A terminal's Ctrl-C is for this process, which ends the other.
      detached: true,
    });
    this.#child.on('error', () => undefined);
  }

  /** @throws Sv72Error ERR_FILE_READ, ERR_DATA_INPUT */
  static async open(file: PictureFile, patience: Patience = PATIENCE): Promise<ParquetReader> {
    const { size } = await stat(file.path).catch((cause: unknown) => {
      throw new Sv72Error('ERR_FILE_READ', `${file.path} could not be read.`, { cause });
    });
    const reader = new ParquetReader(file.path, size, patience);
    try {
      const answer = await reader.#ask({ open: file });
      if (!('opened' in answer)) throw damaged(file.path, 'another answer');
      ({ rows: reader.rows, windows: reader.windows } = answer.opened);
      return reader;
    } catch (error) {
      await reader.close();
      throw error;
    }
  }

  /** What each row of a window says. @throws Sv72Error ERR_DATA_INPUT */
  async rowsOf(window: Window): Promise<readonly DescribedRow[]> {
    const answer = await this.#ask({ rows: window });
    return 'rows' in answer ? answer.rows : [];
  }

  /** The bytes of the pictures of a window. @throws Sv72Error ERR_DATA_INPUT */
  async picturesOf(window: Window): Promise<readonly Uint8Array[]> {
    const answer = await this.#ask({ pictures: window });
    return 'pictures' in answer ? answer.pictures : [];
  }

  /** Ends the process, once what was asked is answered. */
  async close(): Promise<void> {
    const child = this.#child;
    await this.#last;
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  /** One question at a time, so that silence is about the one that was asked. */
  #ask(question: Question): Promise<Answer> {
    const answer = this.#last.then(() => this.#conversation(question));
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  #conversation(question: Question): Promise<Answer> {
    const child = this.#child;
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    let read = 0;
    const giveUp = (problem: string): void => {
      child.kill('SIGKILL');
      reject(damaged(this.#path, problem));
    };
    const silence = setTimeout(() => giveUp('reading it does not come to an end'), this.#patience.silenceMs);
    const gone = (): void => giveUp('reading it takes more memory than there is, or ends the reader');
    const hear = (reply: Reply): void => {
      if ('reads' in reply) {
        silence.refresh();
        read += Math.max(LEAST_READ, reply.reads);
        if (read > this.#mostRead) giveUp('it leads its reader in a circle');
      } else if ('failed' in reply) reject(errorOf(reply.failed));
      else resolve(reply);
    };
    child.on('message', hear).once('exit', gone);
    if (child.connected) child.send(question, (error) => error && gone());
    else gone();
    return promise.finally(() => {
      clearTimeout(silence);
      child.off('message', hear).off('exit', gone);
    });
  }
}

function errorOf(failure: Failure): Error {
  if ('ours' in failure) {
    const { ours, message, next, details } = failure;
    const code = isCode(ours) ? ours : 'ERR_DATA_INPUT';
    return new Sv72Error(code, message, { next, details: { ...details } });
  }
  const { message, code, syscall } = failure;
  return Object.assign(new Error(message), { code, syscall });
}

function isCode(text: string): text is ErrorCode {
  return Object.hasOwn(ERRORS, text);
}

function childFile(): string {
  const ending = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  return fileURLToPath(new URL(`child${ending}`, import.meta.url));
}
