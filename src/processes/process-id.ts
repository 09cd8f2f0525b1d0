import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** A process of this machine. A number alone may be somebody else's by now; with its start time it is one process. */
export interface ProcessId {
  readonly pid: number;
  /** As the system tells it; compared only. */
  readonly start: string;
}

/** @returns undefined when no such process runs. */
export function processId(pid: number): ProcessId | undefined {
  const start = process.platform === 'linux' ? linuxStart(pid) : otherStart(pid);
  return start === undefined ? undefined : { pid, start };
}

/** Whether that very process still runs. */
export function isAlive(id: ProcessId): boolean {
  return processId(id.pid)?.start === id.start;
}

/** Sends a signal to that very process. @returns whether it was there to get it. */
export function signalProcess(id: ProcessId, signal: NodeJS.Signals): boolean {
  return isAlive(id) && send(id.pid, signal);
}

/** Fields of /proc/PID/stat after the name, which may hold anything: 3 is the state, 22 the start in clock ticks. */
function linuxStart(pid: number): string | undefined {
  const text = read(`/proc/${pid}/stat`);
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, start] = [fields[0], fields[19]];
  // A zombie has ended; only its parent has not looked.
  return start === undefined || state === 'Z' || state === 'X' ? undefined : `${bootId()}:${start}`;
}

function bootId(): string {
  return read('/proc/sys/kernel/random/boot_id').trim().slice(0, 8);
}

function otherStart(pid: number): string | undefined {
  try {
    const text = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return text.trim() === '' ? undefined : text.trim();
  } catch {
    return undefined;
  }
}

/**
 * Processes that carry `NAME=value` in their environment: those that were started with it, and all that came from them,
 * whatever session or parent they have by now. Linux only; elsewhere there are none.
 */
export function processesWith(variable: string, value: string): ProcessId[] {
  if (process.platform !== 'linux') return [];
  const wanted = `${variable}=${value}`;
  const found: ProcessId[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
    if (!read(`/proc/${name}/environ`).split('\0').includes(wanted)) continue;
    const id = processId(Number(name));
    if (id) found.push(id);
  }
  return found;
}

/**
 * Kills those processes, and those that they start meanwhile.
 * @returns how many were there
 */
export function killProcessesWith(variable: string, value: string): number {
  let killed = 0;
  // Each round sees only what the round before had not killed yet, so a few are enough for anything but a fork bomb.
  for (let round = 0; round < 20; round++) {
    const found = processesWith(variable, value);
    if (found.length === 0) break;
    killed += found.filter((id) => signalProcess(id, 'SIGKILL')).length;
  }
  return killed;
}

/** Sends a signal. @param pid negative: to a process group @returns whether there was anybody to send it to */
export function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
