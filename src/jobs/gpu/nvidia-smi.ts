import { execa } from 'execa';

/** A GPU as nvidia-smi shows it. */
export interface Gpu {
  readonly index: number;
  readonly name: string;
  /** For example 580.95.05. */
  readonly driver: string;
  readonly memoryBytes: number;
  readonly freeBytes: number;
  /** Compute capability, for example 8.9; null: an old driver does not say. */
  readonly capability: number | null;
}

const FIELDS = 'index,name,driver_version,memory.total,memory.free,compute_cap';
const MIB = 1_048_576;

/** The GPUs of this machine; none when there is no nvidia-smi, or no driver behind it. */
export async function listGpus(env: Readonly<Record<string, string | undefined>>): Promise<Gpu[]> {
  const result = await execa('nvidia-smi', [`--query-gpu=${FIELDS}`, '--format=csv,noheader,nounits'], {
    env: { ...env, LC_ALL: 'C' },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    timeout: 20_000,
  });
  return result.failed ? [] : parseGpus(result.stdout);
}

/** Reads nvidia-smi's table; lines that are none of it are left out. */
export function parseGpus(text: string): Gpu[] {
  return text.split('\n').flatMap((line) => {
    const cells = line.split(',').map((cell) => cell.trim());
    if (cells.length !== 6) return [];
    const [index = '', name = '', driver = '', total = '', free = '', capability = ''] = cells;
    if (!/^\d+$/.test(index) || !/^\d+(\.\d+)*$/.test(driver)) return [];
    return [
      {
        index: Number(index),
        name,
        driver,
        memoryBytes: mebibytes(total),
        freeBytes: mebibytes(free),
        capability: /^\d+\.\d+$/.test(capability) ? Number(capability) : null,
      },
    ];
  });
}

function mebibytes(text: string): number {
  return /^\d+$/.test(text) ? Number(text) * MIB : 0;
}
