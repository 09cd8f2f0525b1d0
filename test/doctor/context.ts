import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadSettings } from '../../src/config/index.ts';
import { settingsSchema } from '../../src/config/schema/index.ts';
import { type DoctorContext, doctorContext } from '../../src/doctor/index.ts';

/**
 * A context over a home that does not exist; parts of it are replaced by what a machine with those things would show.
 *
 * @param file what sv72.yaml says
 */
export async function contextOf(
  parts: Partial<DoctorContext> = {},
  file: object = {},
): Promise<DoctorContext> {
  const home = join(tmpdir(), `sv72-doctor-${randomUUID()}`);
  const surroundings = { env: { PATH: process.env.PATH }, home, cwd: home };
  const { origins } = await loadSettings({ at: surroundings });
  const context = doctorContext({
    loaded: { settings: settingsSchema.parse(file), origins },
    surroundings,
    packageRoot: fileURLToPath(new URL('../..', import.meta.url)),
    connect: () => Promise.reject(new Error('no chain in this test')),
  });
  return { ...context, ...parts };
}

/** Programs by their command line; any other is not installed. */
export function programs(
  table: Readonly<Record<string, string | { stderr: string; exit: number }>>,
): DoctorContext['program'] {
  return async (file, args) => {
    const found = table[[file, ...args].join(' ')] ?? table[file];
    if (found === undefined) return undefined;
    return typeof found === 'string' ? { stdout: found, stderr: '', exit: 0 } : { stdout: '', ...found };
  };
}
