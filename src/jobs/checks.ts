import { existsSync } from 'node:fs';
import { stat, statfs } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { dirname } from 'node:path';
import { type ErrorCode, Sv72Error } from '../errors/index.ts';
import { gigabytes } from './amount.ts';
import type { Gpu } from './gpu/nvidia-smi.ts';
import type { Check, JobSpec, Runtime } from './types.ts';

/** Something that is about to be downloaded or made. */
export interface Download {
  readonly what: string;
  /** Folder of this machine where it will be; one that is not there (an engine in a virtual machine) is not looked at. */
  readonly where: string;
  readonly bytes: number;
}

interface Disk {
  /** The same for two folders of one file system. */
  readonly id: string;
  readonly freeBytes: number;
}

/** How the machine is, as an argument so that tests need no full disk. */
export interface Machine {
  /** The file system on which a folder is, or will be; undefined where that cannot be known. */
  readonly disk: (folder: string) => Promise<Disk | undefined>;
  readonly memoryBytes: number;
}

/** This machine. */
export function thisMachine(): Machine {
  return { disk: diskOf, memoryBytes: totalmem() };
}

const CODES: Readonly<Record<Check['name'], ErrorCode>> = {
  runtime: 'ERR_JOB_RUNTIME',
  gpu: 'ERR_JOB_NO_GPU',
  driver: 'ERR_JOB_DRIVER',
  mounts: 'ERR_JOB_MOUNT',
  vram: 'ERR_JOB_VRAM',
  disk: 'ERR_JOB_DISK',
  shm: 'ERR_JOB_SHM',
  memory: 'ERR_JOB_MEMORY',
};

/** Everything that can be known to go wrong before anything is downloaded. */
export async function checkJob(
  spec: JobSpec,
  runtime: Runtime,
  gpus: readonly Gpu[],
  downloads: readonly Download[],
  machine: Machine,
): Promise<Check[]> {
  return [
    ...mountChecks(spec, runtime),
    ...vramChecks(spec, gpus),
    ...(await diskChecks(spec, downloads, machine)),
    ...(await shmChecks(spec, runtime, machine)),
    ...memoryChecks(spec, machine),
  ];
}

/** @throws what the first failed check says: ERR_JOB_MOUNT, ERR_JOB_VRAM, ERR_JOB_DISK, ERR_JOB_SHM, ERR_JOB_MEMORY */
export function mustPass(checks: readonly Check[]): void {
  const failed = checks.find(({ ok }) => !ok);
  if (failed) throw new Sv72Error(CODES[failed.name], failed.message, { details: { check: failed.name } });
}

function mountChecks(spec: JobSpec, runtime: Runtime): Check[] {
  return spec.mounts.map(({ name, host, made }) => {
    if (!existsSync(host) && made !== true)
      return { name: 'mounts', ok: false, message: `${host} is not there.` };
    if (runtime !== 'local' && /[,"\n]/.test(host)) {
      return {
        name: 'mounts',
        ok: false,
        message: `${host} cannot be given to a container: its path has a comma, a quote or a line break in it.`,
      };
    }
    return { name: 'mounts', ok: true, message: `${name}: ${host}` };
  });
}

function vramChecks(spec: JobSpec, gpus: readonly Gpu[]): Check[] {
  const needed = spec.needs.vramBytes;
  if (needed === undefined) return [];
  return gpus.map((gpu) => ({
    name: 'vram',
    ok: gpu.freeBytes >= needed,
    message: `GPU ${gpu.index} (${gpu.name}) has ${gigabytes(gpu.freeBytes)} of ${gigabytes(gpu.memoryBytes)} free, and ${gigabytes(needed)} are needed.`,
  }));
}

/** What goes to the same file system is added up. */
async function diskChecks(spec: JobSpec, downloads: readonly Download[], machine: Machine): Promise<Check[]> {
  const written = spec.mounts.find((mount) => mount.readonly !== true);
  const wanted = [
    ...downloads,
    ...(spec.needs.diskBytes !== undefined && written
      ? [{ what: 'what the step writes', where: written.host, bytes: spec.needs.diskBytes }]
      : []),
  ];
  const disks = new Map<string, { bytes: number; free: number; what: string[]; where: string }>();
  for (const { what, where, bytes } of wanted) {
    const found = await machine.disk(where);
    if (found === undefined) continue;
    const disk = disks.get(found.id) ?? { bytes: 0, free: found.freeBytes, what: [], where };
    disks.set(found.id, { ...disk, bytes: disk.bytes + bytes, what: [...disk.what, what] });
  }
  return [...disks.values()].map(({ bytes, free, what, where }) => ({
    name: 'disk',
    ok: free >= bytes,
    message: `${where} has ${gigabytes(free)} free, and ${gigabytes(bytes)} are needed for ${what.join(' and ')}.`,
  }));
}

async function shmChecks(spec: JobSpec, runtime: Runtime, machine: Machine): Promise<Check[]> {
  const needed = spec.limits.shmBytes;
  if (needed === undefined) return [];
  // A container has a file system of its own for it, which takes memory when it is written to.
  const there = runtime === 'local' ? (await machine.disk('/dev/shm'))?.freeBytes : machine.memoryBytes;
  if (there === undefined) return [];
  return [
    {
      name: 'shm',
      ok: there >= needed,
      message: `There are ${gigabytes(there)} ${runtime === 'local' ? 'free in /dev/shm' : 'of memory'}, and ${gigabytes(needed)} of shared memory are needed.`,
    },
  ];
}

function memoryChecks(spec: JobSpec, machine: Machine): Check[] {
  const needed = spec.limits.memoryBytes;
  if (needed === undefined) return [];
  return [
    {
      name: 'memory',
      ok: machine.memoryBytes >= needed,
      message: `The machine has ${gigabytes(machine.memoryBytes)} of memory, and the step may use ${gigabytes(needed)}.`,
    },
  ];
}

async function diskOf(folder: string): Promise<Disk | undefined> {
  let place = folder;
  while (!existsSync(place)) {
    const above = dirname(place);
    if (above === place || above === '/') return undefined;
    place = above;
  }
  const [{ dev }, { bavail, bsize }] = await Promise.all([stat(place), statfs(place)]);
  return { id: String(dev), freeBytes: bavail * bsize };
}
