import { Sv72Error } from '../errors/index.ts';
import type { ContainerState } from './containers.ts';
import type { ContainerSpec } from './types.ts';

const NO_GPU = /could not select device driver|nvidia\.com\/gpu|CDI device|nvidia-container-(cli|runtime)/i;
const NO_PORT = /port is already allocated|address already in use|bind: .*in use/i;
const NO_MEMORY =
  /out of memory|OutOfMemoryError|OOM when allocating|CUDA_ERROR_OUT_OF_MEMORY|No available memory for the cache blocks|is less than desired GPU memory utilization|Not enough memory|memory capacity is unbalanced|failed to allocate|std::bad_alloc/i;
/** Lines that say why, rather than where. */
const TELLS = /error|fail|invalid|unable|denied|refused|cannot|not found|exception/i;

/** Why a container engine could not start a server. */
export function notStarted(spec: ContainerSpec, lines: readonly string[]): Sv72Error {
  const why = tellingLine(lines);
  const details = { container: spec.name, image: spec.image, lastLines: [...lines] };
  if (lines.some((line) => NO_PORT.test(line))) {
    return new Sv72Error(
      'ERR_SERVING_PORT',
      `The port ${spec.port.host} of ${spec.port.address}, which is for ${spec.id}, is taken by another program.`,
      { details },
    );
  }
  if (lines.some((line) => NO_GPU.test(line))) {
    return new Sv72Error('ERR_JOB_GPU_ACCESS', `The GPU cannot be handed to a container: ${why}`, {
      details,
    });
  }
  return new Sv72Error('ERR_SERVING_START', `The server of ${spec.id} could not be started: ${why}`, {
    details,
  });
}

/** Why a server ended while it was starting. */
export function endedEarly(
  spec: ContainerSpec,
  state: Pick<ContainerState, 'exitCode' | 'outOfMemory'>,
  lines: readonly string[],
): Sv72Error {
  const details = { container: spec.name, exitCode: state.exitCode, lastLines: lines.slice(-20) };
  const memory = lines.findLast((line) => NO_MEMORY.test(line));
  if (memory !== undefined || state.outOfMemory) {
    const said = memory === undefined ? '' : `: ${shortened(memory)}`;
    return new Sv72Error('ERR_SERVING_MEMORY', `The server of ${spec.id} ran out of memory${said}.`, {
      details,
    });
  }
  const how = state.exitCode === null ? 'ended' : `ended with exit code ${state.exitCode}`;
  return new Sv72Error(
    'ERR_SERVING_START',
    `The server of ${spec.id} ${how} while it was starting: ${tellingLine(lines)}`,
    { details },
  );
}

function tellingLine(lines: readonly string[]): string {
  const line = lines.findLast((text) => TELLS.test(text)) ?? lines.at(-1);
  return `${line === undefined ? 'it said nothing' : shortened(line)}.`;
}

function shortened(line: string): string {
  const text = line.trim().replace(/[.\s]+$/, '');
  return text.length > 300 ? `${text.slice(0, 297)}…` : text;
}
