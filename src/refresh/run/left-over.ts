import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { readIfThere, writeWhole } from '../../config/index.ts';
import { isAlive, processId, signalProcess } from '../../jobs/index.ts';

const schema = z.object({ pid: z.int().positive(), start: z.string() });

const LOOK_MS = 200;

/** Notes which process does the work, for one who comes after it was left alone. */
export async function noteProcess(file: string, pid: number | undefined): Promise<void> {
  const id = pid === undefined ? undefined : processId(pid);
  if (id !== undefined) await writeWhole(file, `${JSON.stringify(id)}\n`);
}

export async function forgetProcess(file: string): Promise<void> {
  await rm(file, { force: true });
}

/**
 * Ends the command that a killed run left behind, so that its work is not done twice at the same time: it is interrupted
 * and saves what it has; one that does not end is killed.
 *
 * @param graceMs how long it may take
 * @returns whether there was one
 */
export async function endLeftOver(file: string, graceMs = 120_000): Promise<boolean> {
  const id = schema.safeParse(parse(await readIfThere(file))).data;
  if (id === undefined || !isAlive(id)) {
    await forgetProcess(file);
    return false;
  }
  signalProcess(id, 'SIGINT');
  for (let waited = 0; isAlive(id); waited += LOOK_MS) {
    if (waited >= graceMs) signalProcess(id, 'SIGKILL');
    await delay(LOOK_MS);
  }
  await forgetProcess(file);
  return true;
}

function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return undefined;
  }
}
