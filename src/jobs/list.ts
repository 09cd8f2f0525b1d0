import { isAlive, processesWith } from '../processes/index.ts';
import { ourContainers } from './engine/containers.ts';
import { JOB_VARIABLE } from './job-environment.ts';
import type { JobFile, StateFile } from './state/files.ts';
import type { JobFolder } from './state/folder.ts';
import { jobFolders } from './state/prune.ts';
import type { JobOptions, JobOutcome, ProgressRecord, Runtime } from './types.ts';

/**
 * `unwatched`: it runs, and the process that watched it was killed; `lost`: it is gone, and nobody saw how it ended.
 */
export type JobStatus = 'running' | 'stopping' | 'unwatched' | 'lost' | JobOutcome;

export interface ListedJob {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly runtime: Runtime;
  readonly status: JobStatus;
  /** Whether a sv72 shows it to somebody now. */
  readonly shown: boolean;
  /** Unix time, milliseconds; null: only its container is known. */
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly exitCode: number | null;
  readonly progress: ProgressRecord | null;
  readonly command: readonly string[];
  /** Folders of this machine that it writes to. */
  readonly writes: readonly string[];
  readonly logFile: string | null;
}

/** Whether there is something to attach to or to stop. */
export function isRunning({ status }: ListedJob): boolean {
  return status === 'running' || status === 'stopping' || status === 'unwatched';
}

/** Folders of this machine that jobs write to now, whoever began them. */
export async function foldersInUse(options: Pick<JobOptions, 'stateDir' | 'env'>): Promise<string[]> {
  return (await listJobs(options)).filter(isRunning).flatMap(({ writes }) => writes);
}

/** All jobs that are remembered, and containers of ours that are not, oldest first. */
export async function listJobs({
  stateDir,
  env,
}: Pick<JobOptions, 'stateDir' | 'env'>): Promise<ListedJob[]> {
  const [docker, podman] = await Promise.all([
    ourContainers('docker', stateDir, env),
    ourContainers('podman', stateDir, env),
  ]);
  const containers = new Map<string, Runtime>([
    ...docker.map((id) => [id, 'docker'] as const),
    ...podman.map((id) => [id, 'podman'] as const),
  ]);
  const known = jobFolders(stateDir).flatMap((folder) => {
    const job = folder.job();
    return job === undefined ? [] : [listed(folder, job, containers.has(job.id))];
  });
  const ids = new Set(known.map(({ id }) => id));
  const unknown = [...containers].filter(([id]) => !ids.has(id)).map(([id, runtime]) => bare(id, runtime));
  return [...known, ...unknown].sort((a, b) => (a.startedAt ?? 0) - (b.startedAt ?? 0));
}

function listed(folder: JobFolder, job: JobFile, hasContainer: boolean): ListedJob {
  const state = folder.state();
  return {
    id: job.id,
    kind: job.kind,
    title: job.title,
    runtime: job.runtime,
    status: statusOf(job, state, hasContainer),
    shown: state?.ended === null && folder.client() !== undefined,
    startedAt: job.startedAt,
    endedAt: state?.ended?.at ?? null,
    exitCode: state?.ended?.exitCode ?? null,
    progress: state?.lastProgress ?? null,
    command: job.command,
    writes: job.writes,
    logFile: folder.log,
  };
}

function statusOf(job: JobFile, state: StateFile | undefined, hasContainer: boolean): JobStatus {
  // The container of a job that has ended is removed; one that is there was let go too early.
  if (state?.ended) return hasContainer ? 'unwatched' : state.ended.outcome;
  if (state && isAlive(state.watcher)) return state.stopping ? 'stopping' : 'running';
  if (job.container !== null) return hasContainer ? 'unwatched' : 'lost';
  const left = processesWith(JOB_VARIABLE, job.id).length > 0 || (state?.process && isAlive(state.process));
  return left ? 'unwatched' : 'lost';
}

function bare(id: string, runtime: Runtime): ListedJob {
  return {
    id,
    kind: id.split('-')[0] ?? id,
    title: 'a container of a job that is not remembered',
    runtime,
    status: 'unwatched',
    shown: false,
    startedAt: null,
    endedAt: null,
    exitCode: null,
    progress: null,
    command: [],
    writes: [],
    logFile: null,
  };
}
