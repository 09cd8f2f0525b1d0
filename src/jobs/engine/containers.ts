import { execa } from 'execa';
import { passedToEngines } from '../job-environment.ts';

/** Labels of our containers. */
export const LABELS = { job: 'sv72.job', kind: 'sv72.kind', state: 'sv72.state' };

/** What the container of a job is called. */
export function containerName(id: string): string {
  return `sv72-${id}`;
}

/** The id in the name of a container of ours. */
function idOf(name: string): string | undefined {
  return name.startsWith('sv72-') ? name.slice('sv72-'.length) : undefined;
}

/**
 * Ids of the jobs whose containers are there, of those that were started with this state folder.
 * An engine that is not there, or does not answer soon, has none.
 */
export async function ourContainers(
  program: 'docker' | 'podman',
  stateDir: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string[]> {
  const result = await engine(
    program,
    ['ps', '--all', '--filter', `label=${LABELS.state}=${stateDir}`, '--format', '{{.Names}}'],
    env,
    10_000,
  );
  if (result.failed) return [];
  return result.stdout.split('\n').flatMap((name) => idOf(name.trim()) ?? []);
}

/** Asks a container to stop, waits, kills it, and removes it. @returns whether it is gone */
export async function removeContainer(
  program: string,
  name: string,
  graceMs: number,
  env: Readonly<Record<string, string | undefined>>,
): Promise<boolean> {
  if (graceMs > 0) {
    const seconds = String(Math.ceil(graceMs / 1_000));
    await engine(program, ['stop', '--time', seconds, name], env, graceMs + 30_000);
  }
  const removed = await engine(program, ['rm', '--force', name], env, 60_000);
  return !removed.failed || /no (such )?container/i.test(removed.stderr);
}

/** Shows what a running container says from now on, and ends with its exit code. */
export function attachCommand(program: string, name: string): string[] {
  return [program, 'attach', '--no-stdin', '--sig-proxy=false', name];
}

async function engine(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  timeout: number,
) {
  return await execa(program, args, {
    env: passedToEngines(env),
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    timeout,
  });
}
