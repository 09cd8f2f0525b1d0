import type { Check } from '../types.ts';

const FIELDS = ['name', 'driver_version', 'memory.total', 'memory.free', 'compute_cap'];

/** The NVIDIA GPUs of this machine. */
export const gpu: Check = {
  id: 'gpu',
  title: 'GPU',
  async run({ program }) {
    const output = await program('nvidia-smi', [
      `--query-gpu=${FIELDS.join(',')}`,
      '--format=csv,noheader,nounits',
    ]);
    if (output === undefined) {
      return { status: 'note', sentence: 'No NVIDIA driver is here; small models run well on the CPU.' };
    }
    const rows = output.stdout
      .trim()
      .split('\n')
      .map((line) => line.split(', '));
    const gpus = rows.filter((row) => row.length === FIELDS.length);
    if (output.exit !== 0 || gpus.length === 0) {
      const said = (output.stdout || output.stderr).trim().split('\n')[0] ?? '';
      return {
        status: 'warning',
        sentence: `The NVIDIA driver is installed but does not answer: ${said}`,
        fix: 'sudo dmesg | grep -i nvrm',
      };
    }
    const list = gpus.map(
      ([name, driver, total, free, capability]) =>
        `${name} (compute ${capability}, driver ${driver}, ${free} of ${total} MiB free)`,
    );
    return { status: 'ok', sentence: `${list.join('; ')}.` };
  },
};
