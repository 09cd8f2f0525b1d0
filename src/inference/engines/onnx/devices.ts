import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Sv72Error } from '../../../errors/index.ts';
import type { Device, DeviceAttempt } from '../../types.ts';

/** Execution providers for a device, in the order ONNX Runtime shall prefer them. */
export const PROVIDERS: Readonly<Record<Device, readonly Device[]>> = {
  cpu: ['cpu'],
  cuda: ['cuda', 'cpu'],
  tensorrt: ['tensorrt', 'cuda', 'cpu'],
};

/** The command that fetches the GPU libraries, which npm's own installation leaves out. */
const GPU_LIBRARIES_COMMAND = 'sv72 engine gpu-libraries';

/**
 * What to try, in order. `auto` leaves TensorRT out: it builds its engine anew at every start, which takes minutes, so
 * it is for those who ask for it.
 */
function ladder(device: Device | 'auto'): readonly Device[] {
  return device === 'auto' ? ['cuda', 'cpu'] : [device];
}

/** What must be there before a device is worth a try; undefined when nothing is known to be missing. */
function missingFor(
  device: Device,
  backends: readonly string[],
  folder: string | undefined,
): string | undefined {
  if (device === 'cpu') return undefined;
  if (!backends.includes(device)) {
    return `onnxruntime-node has no ${device} support on ${process.platform}/${process.arch}`;
  }
  const library = `libonnxruntime_providers_${device}.so`;
  if (process.platform === 'linux' && folder !== undefined && !existsSync(join(folder, library))) {
    return `${library} is not installed`;
  }
  return undefined;
}

/** The folder with ONNX Runtime's native libraries for this machine, where it can be told. */
export function nativeFolder(runtime: string, from: string): string | undefined {
  try {
    const entry = createRequire(from).resolve(runtime);
    return join(dirname(entry), '..', 'bin', 'napi-v6', process.platform, process.arch);
  } catch {
    return undefined;
  }
}

/**
 * Goes down the ladder until `open` succeeds. A device that fails is noted; for an explicit request that is the end.
 *
 * @throws Sv72Error ERR_DEVICE_UNAVAILABLE for a device that was asked for; whatever `open` throws for the CPU
 */
export async function firstThatWorks<T>(
  requested: Device | 'auto',
  backends: readonly string[],
  folder: string | undefined,
  open: (device: Device) => Promise<T>,
): Promise<{ readonly device: Device; readonly opened: T; readonly attempts: readonly DeviceAttempt[] }> {
  const attempts: DeviceAttempt[] = [];
  for (const device of ladder(requested)) {
    const missing = missingFor(device, backends, folder);
    if (missing !== undefined) {
      attempts.push({ device, ok: false, detail: missing });
      continue;
    }
    try {
      const opened = await open(device);
      attempts.push({ device, ok: true, detail: device === 'cpu' ? 'always there' : 'loaded' });
      return { device, opened, attempts };
    } catch (error) {
      if (device === 'cpu') throw error;
      attempts.push({ device, ok: false, detail: firstLine(error) });
    }
  }
  const last = attempts.at(-1);
  const install = last?.detail.endsWith('is not installed') === true;
  throw new Sv72Error(
    'ERR_DEVICE_UNAVAILABLE',
    `The device ${requested} cannot be used: ${last?.detail ?? 'nothing is known about it'}.`,
    {
      next: install
        ? `Run \`${GPU_LIBRARIES_COMMAND}\`, or use \`--device cpu\`.`
        : `Check the driver with \`nvidia-smi\` and that CUDA 12 and cuDNN 9 are installed, or use \`--device cpu\`.`,
      details: { device: requested, found: backends.join(', '), missing: last?.detail ?? '' },
    },
  );
}

/** ONNX Runtime's messages start with the source file they were raised in and go on for pages. */
export function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split('\n')[0] ?? '').replace(/^\S*\/onnxruntime\/\S+ /, '').slice(0, 300);
}
