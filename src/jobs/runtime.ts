import { Sv72Error } from '../errors/index.ts';
import { type Engine, findEngine } from './engine/engine.ts';
import type { RuntimeChoice } from './types.ts';

/** A way of running jobs that works here. */
export type ChosenRuntime =
  | { readonly name: 'local' }
  | { readonly name: 'docker' | 'podman'; readonly engine: Engine };

/**
 * The runtime that was asked for, or the first of docker, podman and local that works here.
 * @throws ERR_JOB_RUNTIME when the one that was asked for does not work
 */
export async function chooseRuntime(
  choice: RuntimeChoice,
  env: Readonly<Record<string, string | undefined>>,
): Promise<ChosenRuntime> {
  if (choice === 'local') return { name: 'local' };
  if (choice !== 'auto') return { name: choice, engine: await findEngine(choice, env) };
  for (const name of ['docker', 'podman'] as const) {
    const engine = await findEngine(name, env).catch(unlessAbsent);
    if (engine) return { name, engine };
  }
  return { name: 'local' };
}

function unlessAbsent(error: unknown): undefined {
  if (error instanceof Sv72Error && error.code === 'ERR_JOB_RUNTIME') return undefined;
  throw error;
}
