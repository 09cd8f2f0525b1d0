import { stringify } from 'yaml';
import type { CommandWord, JobSpec } from '../jobs/index.ts';

export interface SkyOptions {
  readonly spec: JobSpec;
  /** Folder of the trainer's package, recipes and requirements. */
  readonly trainerDir: string;
  /** For example `L4:1`; none: a machine without a GPU. */
  readonly accelerators: string | undefined;
  /** Processes that make views; undefined: by the machine's processors. */
  readonly workers: number | undefined;
}

/** Where SkyPilot puts what it carries over. */
const REMOTE = '~/sv72';
/** One processor less than there are, and 16 at most, said in the shell of the machine. */
const WORKERS = '$(( $(nproc) > 16 ? 16 : $(nproc) - 1 ))';

/**
 * A task file of SkyPilot for the same job: its folders are carried over, the environment is made by uv, and the run's
 * folder is a bucket, so that a machine that is taken away can be replaced and the run goes on.
 * Secrets are named, and given to `sky launch --secret`.
 */
export function skyTask({ spec, trainerDir, accelerators, workers }: SkyOptions): string {
  const written = spec.mounts.filter(({ readonly }) => readonly !== true).map(({ name }) => name);
  const place = (name: string): string =>
    written.includes(name) ? `/sv72-run/${name}` : `${REMOTE}/${name}`;
  const word = (value: CommandWord): string => {
    if (typeof value === 'string') return quoted(value);
    return `${place(value.mount)}${value.path === undefined ? '' : `/${value.path}`}`;
  };
  const lock = accelerators === undefined ? 'train.cpu.lock' : 'train.lock';
  const secrets = Object.keys(spec.secrets ?? {});
  const resumed = spec.command.includes('--resume') ? spec.command : [...spec.command, '--resume'];
  const words = [...resumed.map(word), ...(workers === undefined ? ['--workers', WORKERS] : [])];
  const given = Object.entries(spec.env).map(([name, value]): [string, string] => [name, word(value)]);
  const variables = given.map(([name, value]) => `export ${name}=${value}`);
  const task = {
    name: 'sv72-train',
    resources: {
      ...(accelerators !== undefined && { accelerators }),
      use_spot: accelerators !== undefined,
      disk_size: Math.max(64, Math.ceil((spec.needs.diskBytes ?? 0) / 1e9) + 40),
    },
    file_mounts: {
      [`${REMOTE}/trainer`]: trainerDir,
      ...Object.fromEntries(
        spec.mounts
          .filter(({ readonly }) => readonly === true)
          .map(({ name, host }) => [`${REMOTE}/${name}`, host]),
      ),
      '/sv72-run': { name: 'sv72-run-CHANGE-ME', mode: 'MOUNT_CACHED' },
      [`${REMOTE}/first`]: spec.mounts.find(({ name }) => name === 'work')?.host ?? '.',
    },
    ...(secrets.length > 0 && { secrets: Object.fromEntries(secrets.map((name) => [name, null])) }),
    setup: [
      'python3 -m venv ~/sv72/uv && ~/sv72/uv/bin/pip install uv',
      '~/sv72/uv/bin/uv venv --allow-existing ~/sv72/python',
      `~/sv72/uv/bin/uv pip install --python ~/sv72/python --no-deps --require-hashes -r ~/sv72/trainer/requirements/${lock}`,
      '',
    ].join('\n'),
    run: [
      'mkdir -p /sv72-run/work /sv72-run/cache',
      `cp -n ${REMOTE}/first/recipe.json /sv72-run/work/`,
      `export PYTHONPATH=${REMOTE.replace('~', '$HOME')}/trainer`,
      ...variables,
      `~/sv72/python/bin/${words.join(' ')}`,
      '',
    ].join('\n'),
  };
  return `# Made by sv72 train --write-task sky. Name a bucket of your own below, then: sky launch FILE\n${stringify(task, { lineWidth: 0 })}`;
}

/** For a shell. */
function quoted(text: string): string {
  return /^[A-Za-z0-9_./:=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
