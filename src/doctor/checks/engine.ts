import { loadBundle } from '../../bundle/index.ts';
import { trial } from '../../inference/index.ts';
import type { Check } from '../types.ts';

/** Where the model really runs, by running it. */
export const engine: Check = {
  id: 'engine',
  title: 'inference engine',
  async run({ settings, paths, program }) {
    const profile = settings.profiles[settings.profile];
    if (profile.engine !== 'onnx')
      return { status: 'skipped', sentence: `The profile uses ${profile.engine}.` };
    const bundle = await loadBundle(paths.bundle);
    const {
      device,
      precision,
      infer_ms: ms,
      attempts,
    } = await trial({
      bundle,
      device: profile.device,
      precision: profile.precision,
      variant: profile.variant,
    });
    const sentence = `${bundle.manifest.name} runs on ${device} (${precision}), ${ms} ms a picture.`;
    if (profile.device !== 'auto' || device !== 'cpu') return { status: 'ok', sentence };
    const hasGpu = (await program('nvidia-smi', ['--list-gpus']))?.stdout.includes('GPU') === true;
    if (!hasGpu) return { status: 'ok', sentence };
    const why = attempts.find(({ ok }) => !ok)?.detail;
    return {
      status: 'warning',
      sentence: `${sentence} There is a GPU that is not used${why === undefined ? '' : `: ${why}`}.`,
      fix: 'sv72 engine gpu-libraries',
    };
  },
};
