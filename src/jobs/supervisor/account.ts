import type { ProcessId } from '../../processes/index.ts';
import { parseRecord, printable } from '../records.ts';
import type { StateFile } from '../state/files.ts';
import type { JobFolder } from '../state/folder.ts';
import { RotatingFile } from '../state/rotating-file.ts';

const LAST_LINES = 20;
const WARNINGS = 100;
/** How long a change may wait before the state is written. */
const STATE_MS = 250;

/** Keeps what a job says: the log, the records, and the state that others read. */
export class Account {
  readonly #folder: JobFolder;
  readonly #secrets: readonly string[];
  readonly #log: RotatingFile;
  readonly #records: RotatingFile;
  #state: StateFile;
  #writing: NodeJS.Timeout | undefined;

  /** @param secrets texts that are taken out of everything */
  constructor(folder: JobFolder, watcher: ProcessId, secrets: readonly string[]) {
    this.#folder = folder;
    this.#secrets = secrets.filter((secret) => secret !== '');
    this.#log = new RotatingFile(folder.log);
    this.#records = new RotatingFile(folder.records);
    this.#state = {
      watcher,
      process: null,
      stopping: false,
      lastProgress: null,
      lastResult: null,
      warnings: [],
      lastLines: [],
      ended: null,
    };
  }

  /** A line of the job's standard output. */
  said(raw: string): void {
    const line = this.#withoutSecrets(raw);
    const record = parseRecord(line);
    if (record === undefined) {
      this.logged(line);
      return;
    }
    quietly(() => this.#records.write(line));
    if (record.event === 'progress') this.#change({ lastProgress: record });
    else if (record.event === 'result') this.#change({ lastResult: record });
    else if (this.#state.warnings.length < WARNINGS)
      this.#change({ warnings: [...this.#state.warnings, record.message] });
  }

  /** A line of its log. */
  logged(raw: string): void {
    const line = printable(this.#withoutSecrets(raw)).trimEnd();
    if (line === '') return;
    quietly(() => this.#log.write(line));
    this.#change({ lastLines: [...this.#state.lastLines, line].slice(-LAST_LINES) });
  }

  started(process: ProcessId | undefined): void {
    this.#change({ process: process ?? null });
    this.#write();
  }

  stopping(): void {
    this.#change({ stopping: true });
    this.#write();
  }

  ended(ended: NonNullable<StateFile['ended']>): void {
    this.#change({ ended });
    this.#write();
    this.#log.close();
    this.#records.close();
  }

  #change(news: Partial<StateFile>): void {
    this.#state = { ...this.#state, ...news };
    this.#writing ??= setTimeout(() => this.#write(), STATE_MS);
  }

  #write(): void {
    clearTimeout(this.#writing);
    this.#writing = undefined;
    quietly(() => this.#folder.writeState(this.#state));
  }

  #withoutSecrets(line: string): string {
    return this.#secrets.reduce((clean, secret) => clean.replaceAll(secret, '***'), line);
  }
}

/** A disk that is full must not take the job with it. */
function quietly(write: () => void): void {
  try {
    write();
  } catch {
    // The job goes on; its last lines are in the state, which is written again.
  }
}
