import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { isAlive, type ProcessId, processId } from '../../processes/index.ts';
import { clientFile, type JobFile, jobFile, type StateFile, stateFile } from './files.ts';

/** The folder of one job: what it is, how it stands, what it said. */
export class JobFolder {
  readonly path: string;

  constructor(stateDir: string, id: string) {
    this.path = join(stateDir, id);
  }

  /** The job's own words, one JSON object a line. */
  get records(): string {
    return join(this.path, 'records.jsonl');
  }

  get log(): string {
    return join(this.path, 'log.txt');
  }

  /** @returns undefined when there is none that can be read. */
  job(): JobFile | undefined {
    return this.#read('job.json', jobFile);
  }

  state(): StateFile | undefined {
    return this.#read('state.json', stateFile);
  }

  /** The process that shows the job to somebody, if it still runs. */
  client(): ProcessId | undefined {
    const client = this.#read('client.json', clientFile);
    return client !== undefined && isAlive(client) ? client : undefined;
  }

  writeJob(job: JobFile): void {
    this.#write('job.json', job);
  }

  writeState(state: StateFile): void {
    this.#write('state.json', state);
  }

  /** From now on this process shows the job to somebody. */
  claim(): void {
    const own = processId(process.pid);
    if (own) this.#write('client.json', own);
  }

  #read<T>(name: string, schema: z.ZodType<T>): T | undefined {
    try {
      const parsed = schema.safeParse(JSON.parse(readFileSync(join(this.path, name), 'utf8')));
      return parsed.success ? parsed.data : undefined;
    } catch {
      return undefined;
    }
  }

  /** A reader sees the old file or the new one. */
  #write(name: string, value: object): void {
    const path = join(this.path, name);
    const temporary = `${path}.${process.pid}.tmp`;
    writeFileSync(temporary, JSON.stringify(value), { mode: 0o600 });
    renameSync(temporary, path);
  }
}

/** For example `train-20261121-083000-3fa9`: sorts by time within a kind, and names a container. */
export function newJobId(kind: string, at: number, random: Uint8Array): string {
  const word =
    kind
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '') || 'job';
  const time = new Date(at).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  return `${word}-${time}-${Buffer.from(random).toString('hex')}`;
}

/** Whether it may be the name of a folder of ours. */
export function isJobId(text: string): boolean {
  return /^[a-z0-9][a-z0-9-]{0,99}$/.test(text);
}
