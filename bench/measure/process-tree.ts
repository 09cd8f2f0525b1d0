import { readdirSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;

export interface Usage {
  readonly processes: number;
  /** What is resident: the processes' own memory, and each file they have mapped once, however many map it. */
  readonly residentMb: number;
  /** Sum of the processes' resident sizes: pages that several map count several times. */
  readonly rssMb: number;
  /** Sum of the proportional sizes: pages shared with other programs count in part. */
  readonly pssMb: number;
  /** User and system time since each process started. */
  readonly cpuMs: number;
}

/** What a process and all its descendants use now. Linux only: reads /proc. */
export function treeUsage(pid: number): Usage {
  let [rss, pss, cpu, own, processes] = [0, 0, 0, 0, 0];
  const files = new Map<string, number>();
  for (const member of tree(pid)) {
    try {
      rss += kilobytes(`/proc/${member}/status`, 'VmRSS');
      pss += kilobytes(`/proc/${member}/smaps_rollup`, 'Pss');
      for (const { file, residentKb } of mappings(readFileSync(`/proc/${member}/smaps`, 'utf8'))) {
        own += residentKb.own;
        if (file !== '')
          files.set(`${member} ${file}`, (files.get(`${member} ${file}`) ?? 0) + residentKb.file);
      }
      const stat = readFileSync(`/proc/${member}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      cpu += ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
      processes += 1;
    } catch {
      // It ended between being listed and being read.
    }
  }
  const shared = new Map<string, number>();
  for (const [key, kb] of files) {
    const file = key.slice(key.indexOf(' ') + 1);
    shared.set(file, Math.max(shared.get(file) ?? 0, kb));
  }
  const residentKb = [...shared.values()].reduce((sum, kb) => sum + kb, own);
  const [residentMb, rssMb, pssMb] = [residentKb, rss, pss].map((kb) => round(kb / 1024)) as [
    number,
    number,
    number,
  ];
  return { processes, residentMb, rssMb, pssMb, cpuMs: cpu };
}

interface Mapping {
  readonly file: string;
  readonly residentKb: { readonly own: number; readonly file: number };
}

/** The mappings of /proc/PID/smaps: what is resident of each, and how much of that is the process's own copy. */
function mappings(smaps: string): Mapping[] {
  return smaps.split(/\n(?=[0-9a-f]+-[0-9a-f]+ )/).map((text) => {
    const path = /^\S+ +\S+ +\S+ +\S+ +\S+ *(.*)/.exec(text)?.[1] ?? '';
    const kb = (name: string): number => Number(new RegExp(`^${name}: +(\\d+)`, 'm').exec(text)?.[1] ?? 0);
    const own = kb('Anonymous');
    return { file: path.startsWith('/') ? path : '', residentKb: { own, file: kb('Rss') - own } };
  });
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
