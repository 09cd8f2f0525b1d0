import { readdirSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;

export interface Usage {
  readonly processes: number;
  /** Sum of the processes' resident sizes: pages they share count several times. */
  readonly rssMb: number;
  /** Sum of the proportional sizes: shared pages count once. */
  readonly pssMb: number;
  /** User and system time since each process started. */
  readonly cpuMs: number;
}

/** What a process and all its descendants use now. Linux only: reads /proc. */
export function treeUsage(pid: number): Usage {
  let [rss, pss, cpu, processes] = [0, 0, 0, 0];
  for (const member of tree(pid)) {
    try {
      rss += kilobytes(`/proc/${member}/status`, 'VmRSS');
      pss += kilobytes(`/proc/${member}/smaps_rollup`, 'Pss');
      const stat = readFileSync(`/proc/${member}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      cpu += ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
      processes += 1;
    } catch {
      // It ended between being listed and being read.
    }
  }
  return { processes, rssMb: round(rss / 1024), pssMb: round(pss / 1024), cpuMs: cpu };
}

function tree(pid: number): number[] {
  const found = [pid];
  for (let i = 0; i < found.length; i += 1) {
    try {
      for (const task of readdirSync(`/proc/${found[i]}/task`)) {
        const children = readFileSync(`/proc/${found[i]}/task/${task}/children`, 'utf8');
        found.push(...children.split(' ').filter(Boolean).map(Number));
      }
    } catch {
      // Gone.
    }
  }
  return found;
}

function kilobytes(file: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync(file, 'utf8'))?.[1] ?? 0);
}

const round = (value: number): number => Math.round(value * 10) / 10;
