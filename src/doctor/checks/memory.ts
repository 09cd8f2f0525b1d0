import { freemem, totalmem } from 'node:os';
import { formatBytes } from '../size.ts';
import type { Check, DoctorContext } from '../types.ts';

const MIB = 2n ** 20n;
/** What a miner with a small model takes, with room to spare, and what each further model adds. */
const FIRST = 300n * MIB;
const FURTHER = 100n * MIB;

/** Memory this machine, or the container that sv72 runs in, can still give. */
export const memory: Check = {
  id: 'memory',
  title: 'memory',
  async run(context) {
    const available = availableIn(context);
    const limit = limitIn(context);
    const free = limit === undefined || limit.left > available ? available : limit.left;
    const models = context.models.filter(({ run }) => run.engine === 'onnx').length;
    const needed = FIRST + FURTHER * BigInt(Math.max(0, models - 1));
    const sentence = `${formatBytes(free)} available of ${formatBytes(limit?.total ?? BigInt(totalmem()))}${limit === undefined ? '' : ' (limit of this container)'}.`;
    if (free >= needed) return { status: 'ok', sentence };
    return {
      status: 'warning',
      sentence: `${sentence} ${models > 1 ? `Miners with ${models} small models want` : 'A miner with a small model wants'} ${formatBytes(needed)}.`,
      fix: 'ps -eo rss,pid,comm --sort=-rss | head',
    };
  },
};

function availableIn({ readText }: DoctorContext): bigint {
  const line = /^MemAvailable:\s+(\d+) kB/m.exec(readText('/proc/meminfo') ?? '');
  return line?.[1] === undefined ? BigInt(freemem()) : BigInt(line[1]) * 1024n;
}

/** The limit of the control group (version 2), where there is one. */
function limitIn({ readText }: DoctorContext): { readonly total: bigint; readonly left: bigint } | undefined {
  const number = (name: string) => {
    const text = readText(`/sys/fs/cgroup/${name}`)?.trim();
    return text !== undefined && /^\d+$/.test(text) ? BigInt(text) : undefined;
  };
  const total = number('memory.max');
  const used = number('memory.current');
  if (total === undefined || used === undefined) return undefined;
  return { total, left: total > used ? total - used : 0n };
}
