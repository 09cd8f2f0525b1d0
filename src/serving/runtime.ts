import { Sv72Error } from '../errors/index.ts';
import { type Engine, findEngine } from '../jobs/index.ts';

/** `auto`: the first of docker and podman that works here. */
export type EngineChoice = 'auto' | 'docker' | 'podman';

/**
 * The container engine that runs servers.
 *
 * @throws Sv72Error ERR_SERVING_RUNTIME; ERR_JOB_RUNTIME when the one that was asked for does not work
 */
export async function chooseEngine(
  choice: EngineChoice,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Engine> {
  if (choice !== 'auto') return await findEngine(choice, env);
  const reasons: string[] = [];
  for (const program of ['docker', 'podman'] as const) {
    try {
      return await findEngine(program, env);
    } catch (error) {
      if (!(error instanceof Sv72Error) || error.code !== 'ERR_JOB_RUNTIME') throw error;
      reasons.push(error.message);
    }
  }
  throw new Sv72Error('ERR_SERVING_RUNTIME', 'Neither docker nor podman works here.', {
    details: { reasons },
  });
}
