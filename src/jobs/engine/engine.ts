import { execa } from 'execa';
import { Sv72Error } from '../../errors/index.ts';
import { passedToEngines } from '../job-environment.ts';

/** A container engine that answers. */
export interface Engine {
  /** Whose options it takes; the program `docker` may be podman under another name. */
  readonly kind: 'docker' | 'podman';
  readonly program: string;
  /** Run by an ordinary user, who is root inside the containers. */
  readonly rootless: boolean;
  /** Folder of this machine with the images; null: in a virtual machine, or elsewhere. */
  readonly imageRoot: string | null;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Asks the program whether its engine is there.
 * @throws ERR_JOB_RUNTIME with the reason
 */
export async function findEngine(
  program: 'docker' | 'podman',
  env: Readonly<Record<string, string | undefined>>,
): Promise<Engine> {
  const given = passedToEngines(env);
  const result = await execa(program, ['info', '--format', '{{json .}}'], {
    env: given,
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    timeout: 30_000,
  });
  if (result.failed) throw unavailable(program, result.code, result.stderr);
  const info = parse(result.stdout);
  if (info === undefined) throw unavailable(program, undefined, 'its answer makes no sense');
  return { ...info, program, env: given };
}

/** An engine as it usually is, for a plan on a machine that has none. */
export function assumedEngine(
  program: 'docker' | 'podman',
  env: Readonly<Record<string, string | undefined>>,
): Engine {
  return { kind: program, program, rootless: false, imageRoot: null, env: passedToEngines(env) };
}

type EngineInfo = Pick<Engine, 'kind' | 'rootless' | 'imageRoot'>;

function parse(stdout: string): EngineInfo | undefined {
  let value: unknown;
  try {
    value = JSON.parse(stdout);
  } catch {
    return undefined;
  }
  const host = field(value, 'host');
  if (host !== undefined) {
    const remote = field(host, 'serviceIsRemote') === true;
    const root = field(field(value, 'store'), 'graphRoot');
    return {
      kind: 'podman',
      rootless: field(field(host, 'security'), 'rootless') === true,
      imageRoot: !remote && typeof root === 'string' ? root : null,
    };
  }
  const options = field(value, 'SecurityOptions');
  const root = field(value, 'DockerRootDir');
  if (typeof root !== 'string') return undefined;
  return {
    kind: 'docker',
    rootless: Array.isArray(options) && options.some((option) => String(option).includes('rootless')),
    imageRoot: process.platform === 'linux' ? root : null,
  };
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function unavailable(program: string, code: string | undefined, stderr: string): Sv72Error {
  if (code === 'ENOENT') {
    return new Sv72Error('ERR_JOB_RUNTIME', `There is no program ${program} here.`);
  }
  const said = stderr.trim().split('\n').at(-1)?.trim() ?? '';
  const why = said === '' ? 'it does not answer' : said.replace(/[.?!]+$/, '');
  return new Sv72Error('ERR_JOB_RUNTIME', `${program} does not work here: ${why}.`);
}
