import { Sv72Error } from '../errors/index.ts';
import { type Engine, findEngine } from '../jobs/index.ts';
import type { EngineKind } from './arguments.ts';
import { whichProgram } from './words.ts';

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

/**
 * The container engine that files are written for: the one that works here, else as it usually is. Its program is a path,
 * since service managers look nowhere.
 */
export async function renderingEngine(
  choice: EngineChoice,
  env: Readonly<Record<string, string | undefined>>,
): Promise<EngineKind> {
  const found = await chooseEngine(choice, env).catch(() => undefined);
  const program = found?.program ?? (choice === 'podman' ? 'podman' : 'docker');
  return {
    kind: found?.kind ?? (program === 'podman' ? 'podman' : 'docker'),
    rootless: found?.rootless ?? false,
    program: whichProgram(program, env.PATH) ?? `/usr/bin/${program}`,
  };
}
