import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { ourSurroundings, type Surroundings } from '../../config/index.ts';
import { type RunCommand, runCommand } from './command.ts';

/** What there is to know of a machine before something is scheduled on it. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly uid: number;
  readonly user: string;
  readonly at: Surroundings;
  readonly run: RunCommand;
  /** Owner of the home folder; undefined where there is none. */
  readonly homeOwner: number | undefined;
  /** Whether a cron daemon runs; undefined where that cannot be seen. */
  cronRuns(): boolean | undefined;
  inContainer(): boolean;
}

/** This machine. */
export function ourMachine(): Machine {
  const at = ourSurroundings();
  const { uid, username } = userInfo();
  return {
    platform: process.platform,
    uid,
    user: username,
    at,
    run: runCommand,
    homeOwner: existsSync(at.home) ? statSync(at.home).uid : undefined,
    cronRuns: () => cronRuns(),
    inContainer: () =>
      existsSync('/.dockerenv') || existsSync('/run/.containerenv') || (at.env.container ?? '') !== '',
  };
}

/** Names under which cron daemons run: Debian's, Red Hat's, BusyBox's, dcron, fcron. */
const CRONS = new Set(['cron', 'crond', 'busybox-crond', 'fcron', 'systemd-cron']);

/** @param proc where processes are listed */
function cronRuns(proc = '/proc'): boolean | undefined {
  let pids: string[];
  try {
    pids = readdirSync(proc).filter((name) => /^\d+$/.test(name));
  } catch {
    return undefined;
  }
  if (pids.length === 0) return undefined;
  return pids.some((pid) => {
    try {
      const name = readFileSync(join(proc, pid, 'comm'), 'utf8').trim();
      if (CRONS.has(name)) return true;
      const words = readFileSync(join(proc, pid, 'cmdline'), 'utf8').split('\0');
      return name === 'busybox' && words.slice(0, 2).some((word) => /(^|\/)crond$/.test(word));
    } catch {
      // It ended meanwhile.
      return false;
    }
  });
}
