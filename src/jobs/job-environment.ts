import { type Place, placed } from './command.ts';
import type { GpuChoice, JobSpec } from './types.ts';

/** Variable by which all processes of a job are known. */
export const JOB_VARIABLE = 'SV72_JOB_ID';

/** What a program of this machine needs from where it is started; passwords and tokens are not among it. */
const PASSED =
  /^(PATH|HOME|USER|LOGNAME|SHELL|TMPDIR|TEMP|TMP|LANG|LC_.*|TZ|LD_LIBRARY_PATH|XDG_.*|SSL_CERT_(FILE|DIR)|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|(https?|all|no)_proxy|CUDA_.*|NVIDIA_.*|NCCL_.*|OMP_.*|MKL_.*|KMP_.*|OPENBLAS_.*|PYTORCH_.*|TORCH_.*|TORCHINDUCTOR_.*|TRITON_.*|HF_(HOME|ENDPOINT|HUB_.*|DATASETS_.*)|TRANSFORMERS_.*)$/i;
const SECRET = /TOKEN|SECRET|PASSW|CREDENTIAL|API_?KEY/i;

/**
 * Variables of a job without its secrets, wherever it runs.
 * @param place the path that a mount has there
 */
export function plainVariables(spec: JobSpec, id: string, place: Place): Record<string, string> {
  const given = Object.entries(spec.env).map(([name, word]) => [name, placed(spec, word, place)]);
  return {
    PYTHONUNBUFFERED: '1',
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONNOUSERSITE: '1',
    ...Object.fromEntries(given),
    [JOB_VARIABLE]: id,
  };
}

/** The part of our own environment that a local job, or an engine's program, gets. */
export function passedOn(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return chosen(env, (name) => PASSED.test(name) && !SECRET.test(name));
}

/** For installers, which have settings of their own in the environment (where to find packages, certificates). */
export function passedToInstallers(
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  return chosen(env, (name) => (PASSED.test(name) && !SECRET.test(name)) || /^(PIP|UV)_/.test(name));
}

/** For docker and podman, which have settings of their own in the environment (which engine, its configuration). */
export function passedToEngines(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return chosen(
    env,
    (name) =>
      (PASSED.test(name) && !SECRET.test(name)) ||
      /^(DOCKER|BUILDKIT|BUILDAH|CONTAINER|CONTAINERS|PODMAN|STORAGE|REGISTRY_AUTH|DBUS_SESSION)_/.test(name),
  );
}

/** How a program of this machine is told which GPUs it may use. */
export function visibleGpus(gpus: GpuChoice): Record<string, string> {
  if (gpus === 'all') return {};
  return { CUDA_VISIBLE_DEVICES: gpus === 'none' ? '' : gpus.join(',') };
}

function chosen(
  env: Readonly<Record<string, string | undefined>>,
  take: (name: string) => boolean,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && take(entry[0]),
    ),
  );
}
