import { basename, dirname, join } from 'node:path';

/** A file that an interrupted write left behind. */
export interface Leftover {
  /** Name of the file that was being written. */
  readonly target: string;
  /** Process that was writing. */
  readonly pid: number;
  /** What all files of one write have in common. */
  readonly tag: string;
  /** `new`: was to become the target. `old`: the target as it was before. */
  readonly state: 'new' | 'old';
}

/**
 * Names of files on their way, such as `.coldkey.4711.9f2c41d0.sv72new`: with a leading dot, so that no tool
 * takes them for a hotkey.
 * @param tag process id and eight hexadecimal digits, with a dot between
 */
export function leftoverName(target: string, tag: string, state: Leftover['state']): string {
  return join(dirname(target), `.${basename(target)}.${tag}.sv72${state}`);
}

/** What an interrupted write of ours left under this name, or undefined. */
export function leftoverOf(name: string): Leftover | undefined {
  const [, target, tag, pid, state] = /^\.(.+)\.((\d+)\.[0-9a-f]{8})\.sv72(new|old)$/.exec(name) ?? [];
  if (target === undefined || tag === undefined || (state !== 'new' && state !== 'old')) return undefined;
  return { target, tag, pid: Number(pid), state };
}
