import { execa } from 'execa';
import { Sv72Error } from '../../errors/index.ts';

/** A Python of this machine that can make environments. */
export interface Python {
  readonly program: string;
  /** For example 3.11. */
  readonly version: string;
}

const CANDIDATES = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.14', 'python'];
const QUESTION =
  'import sys, json; ok = True\ntry:\n import venv, ensurepip\nexcept ImportError:\n ok = False\n' +
  'print(json.dumps([sys.version_info[0], sys.version_info[1], ok, sys.executable]))';

/**
 * The first Python that is 3.11 or newer.
 * @param needsVenv whether its own venv module is needed (uv does without)
 * @throws ERR_JOB_PYTHON, with what was found instead
 */
export async function findPython(
  env: Readonly<Record<string, string | undefined>>,
  needsVenv: boolean,
): Promise<Python> {
  const unfit: string[] = [];
  for (const candidate of CANDIDATES) {
    const result = await execa(candidate, ['-I', '-c', QUESTION], {
      env,
      extendEnv: false,
      reject: false,
      stdin: 'ignore',
      timeout: 20_000,
    });
    if (result.failed) continue;
    const answer = parse(result.stdout);
    if (answer === undefined) continue;
    const { major, minor, venv, program } = answer;
    if (major !== 3 || minor < 11) unfit.push(`${candidate} is ${major}.${minor}`);
    else if (needsVenv && !venv) unfit.push(`${candidate} has no venv module`);
    else return { program, version: `${major}.${minor}` };
  }
  const found = unfit.length === 0 ? 'there is no Python' : unfit.join(', ');
  throw new Sv72Error('ERR_JOB_PYTHON', `No Python 3.11 or newer with venv was found: ${found}.`);
}

function parse(stdout: string): { major: number; minor: number; venv: boolean; program: string } | undefined {
  try {
    const value: unknown = JSON.parse(stdout);
    if (!Array.isArray(value)) return undefined;
    const [major, minor, venv, program]: unknown[] = value;
    if (typeof major !== 'number' || typeof minor !== 'number' || typeof program !== 'string')
      return undefined;
    return { major, minor, venv: venv === true, program };
  } catch {
    return undefined;
  }
}
