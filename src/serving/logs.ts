import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Engine } from '../jobs/index.ts';
import type { ServingFolders } from './container.ts';
import { inspectContainer, lastLines } from './containers.ts';
import type { ContainerSpec } from './types.ts';

const MOST_LINES = 20_000;

/** What a server said. */
export interface ServerLog {
  /** `kept`: of the last start that failed, whose container is gone. */
  readonly from: 'container' | 'kept' | 'none';
  /** Oldest first. */
  readonly lines: string[];
}

/** The last lines of a server: of its container, else of its last start that failed. */
export async function serverLog(
  engine: Engine,
  { id, name }: Pick<ContainerSpec, 'id' | 'name'>,
  folders: ServingFolders,
  count: number,
): Promise<ServerLog> {
  if ((await inspectContainer(engine, name)) !== undefined) {
    return { from: 'container', lines: await lastLines(engine, name, count) };
  }
  const text = await readFile(keptFile(folders, id), 'utf8').catch(() => undefined);
  if (text === undefined) return { from: 'none', lines: [] };
  return { from: 'kept', lines: text.split('\n').slice(0, -1).slice(-count) };
}

/** Writes down what a container said, so that it can be removed. @returns its last 200 lines, oldest first */
export async function keepLog(
  engine: Engine,
  { id, name }: Pick<ContainerSpec, 'id' | 'name'>,
  folders: ServingFolders,
): Promise<string[]> {
  const lines = await lastLines(engine, name, MOST_LINES);
  const file = keptFile(folders, id);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, lines.map((line) => `${line}\n`).join(''), { mode: 0o600 });
  return lines.slice(-200);
}

/** Forgets what an earlier start said that failed. */
export async function dropLog({ id }: Pick<ContainerSpec, 'id'>, folders: ServingFolders): Promise<void> {
  await rm(keptFile(folders, id), { force: true });
}

function keptFile({ data }: ServingFolders, id: string): string {
  return join(data, 'logs', `${id}.log`);
}
