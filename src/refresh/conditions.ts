import { statfs } from 'node:fs/promises';
import { labelOf, type Names, type Notice } from './notice.ts';

/** What was looked at: the notices of what holds, and the keys of what does not. */
export interface Conditions {
  readonly notices: readonly Notice[];
  readonly over: readonly string[];
}

const GIB = 2 ** 30;

/**
 * Whether there is enough free disk in a folder.
 *
 * @param least GiB; 0 does not look
 */
export async function diskCondition(
  folder: string,
  least: number,
  free: (folder: string) => Promise<number> = freeBytes,
): Promise<Conditions> {
  const key = `disk ${folder}`;
  const bytes = least === 0 ? Number.POSITIVE_INFINITY : await free(folder).catch(() => Number.NaN);
  if (Number.isNaN(bytes)) return { notices: [], over: [] };
  if (bytes >= least * GIB) return { notices: [], over: [key] };
  const notice: Notice = {
    key,
    about: key,
    kind: 'disk',
    level: 'due',
    title: `the disk is nearly full: ${(bytes / GIB).toFixed(1)} GiB free`,
    text: `${folder} should have ${least} GiB free (refresh.min_free_gib): \`sv72 serve\` stops storing where there is none.`,
    at: null,
    condition: true,
  };
  return { notices: [notice], over: [] };
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** A hotkey's place on the subnet, in our words. */
export interface Place {
  /** SS58 address. */
  readonly hotkey: string;
  readonly netuid: number;
  /** `gone`: no UID. `next`: the one that the next registration pushes out. `near`: among the first of them. */
  readonly standing: 'gone' | 'next' | 'near' | 'safe';
  /** Registrations that come before it is pushed out; null where that is not known. */
  readonly ahead: number | null;
}

/** What to say of the places of one's hotkeys. */
export function placeConditions(places: readonly Place[], names?: Names): Conditions {
  const notices: Notice[] = [];
  const over: string[] = [];
  for (const { hotkey, netuid, standing, ahead } of places) {
    const key = (what: string) => `registration ${netuid} ${hotkey} ${what}`;
    const risk = standing === 'next' || standing === 'near';
    if (standing !== 'gone') over.push(key('gone'));
    if (!risk) over.push(key('risk'));
    if (standing === 'safe') continue;
    notices.push({
      key: key(risk ? 'risk' : 'gone'),
      about: key('any'),
      kind: 'registration',
      level: standing === 'near' ? 'due' : 'overdue',
      title:
        standing === 'gone'
          ? `hotkey ${labelOf(hotkey, names)} has no place on subnet ${netuid}`
          : standing === 'next'
            ? `hotkey ${labelOf(hotkey, names)} is pushed out by the next registration`
            : `hotkey ${labelOf(hotkey, names)} is near the end of the pruning order`,
      text:
        standing === 'gone'
          ? 'No validator asks it. `sv72 register --dry-run` shows what a new place costs.'
          : `${ahead === null ? '' : `${ahead} come before it. `}\`sv72 status\` shows its place; what it earns decides.`,
      at: null,
      condition: true,
    });
  }
  return { notices, over };
}
