import { tmpdir, userInfo } from 'node:os';
import type { Download } from './checks.ts';
import { containerName } from './engine/containers.ts';
import type { Engine } from './engine/engine.ts';
import { builtImage, hasImage, makeImage, pullCommand } from './engine/images.ts';
import { containerVariables, runCommand } from './engine/run-arguments.ts';
import { findLockFile } from './environment/lock-file.ts';
import { IMAGE_BYTES, imageFor } from './gpu/image.ts';
import type { Gpu } from './gpu/nvidia-smi.ts';
import type { LaunchPlan } from './launch.ts';
import type { JobOptions, JobSpec } from './types.ts';

/** A step before the job itself: an image that is fetched or built. */
interface ImageStep {
  readonly what: string;
  readonly command: readonly string[];
}

interface ImagePlan {
  readonly name: string;
  readonly steps: readonly ImageStep[];
  readonly downloads: readonly Download[];
  /** Whether our Python package is in it. */
  readonly ours: boolean;
}

/**
 * A job in a container.
 * @throws ERR_JOB_DRIVER, ERR_JOB_LOCK_FILE
 */
export async function planContainer(
  spec: JobSpec,
  id: string,
  gpus: readonly Gpu[],
  engine: Engine,
  options: JobOptions,
): Promise<LaunchPlan> {
  const { stateDir, trainerDir } = options;
  const image = await planImage(spec, gpus, engine, trainerDir);
  const { uid, gid } = userInfo();
  const person = { uid, gid };
  const whole: JobSpec = image.ours
    ? spec
    : {
        ...spec,
        mounts: [...spec.mounts, { name: 'sv72', host: trainerDir, readonly: true }],
        env: { ...spec.env, PYTHONPATH: { mount: 'sv72' } },
      };
  return {
    image: image.name,
    preparing: image.steps.map(({ command }) => command),
    downloads: image.downloads,
    launch: {
      command: runCommand(whole, engine, { id, image: image.name, stateDir, gpus, person }),
      own: containerVariables(whole, id, engine, person),
      env: { ...engine.env, ...spec.secrets },
      cwd: tmpdir(),
      container: { program: engine.program, name: containerName(id) },
    },
    prepare: async (tell, signal) => {
      for (const { what, command } of image.steps) {
        const onLine = (line: string): void => tell({ step: 'image', what, line });
        await makeImage(engine, command, what, { signal, onLine });
      }
    },
  };
}

async function planImage(
  spec: JobSpec,
  gpus: readonly Gpu[],
  engine: Engine,
  trainerDir: string,
): Promise<ImagePlan> {
  const choice = spec.image;
  const size = gpus.length > 0 ? IMAGE_BYTES.cuda : IMAGE_BYTES.plain;
  if (choice.kind === 'named') {
    return { ...(await fetched(engine, choice.name, choice.bytes ?? size)), ours: false };
  }
  if (choice.kind === 'by-gpu') return { ...(await fetched(engine, imageFor(gpus), size)), ours: false };
  const base = choice.base ?? imageFor(gpus);
  const lock = await findLockFile(trainerDir, spec.environment, gpus.length > 0);
  const built = await builtImage(engine, trainerDir, lock, base);
  if (await hasImage(engine, built.name)) {
    return { name: built.name, steps: [], downloads: [], ours: true };
  }
  const below = await fetched(engine, base, size);
  const packages: Download = {
    what: `the Python packages of "${spec.environment}"`,
    where: engine.imageRoot ?? '',
    // A base with CUDA has torch.
    bytes: gpus.length > 0 ? 1e9 : lock.bytes,
  };
  return {
    name: built.name,
    steps: [...below.steps, { what: `building the image ${built.name}`, command: built.command }],
    downloads: [...below.downloads, ...(engine.imageRoot === null ? [] : [packages])],
    ours: true,
  };
}

async function fetched(engine: Engine, name: string, bytes: number): Promise<Omit<ImagePlan, 'ours'>> {
  if (await hasImage(engine, name)) return { name, steps: [], downloads: [] };
  const what = `the image ${name}`;
  return {
    name,
    steps: [{ what: `fetching ${what}`, command: pullCommand(engine, name) }],
    downloads: engine.imageRoot === null ? [] : [{ what, where: engine.imageRoot, bytes }],
  };
}
