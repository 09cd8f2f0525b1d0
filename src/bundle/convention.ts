import type { ManifestInput, ResizeRule } from './manifest.ts';

/** How every graph of our trainer is called, whatever it is built on. */
export function ourInterface(fit: ResizeRule['fit']): Pick<ManifestInput, 'input' | 'output' | 'positive'> {
  return {
    input: {
      name: 'image',
      dtype: 'uint8',
      layout: 'nhwc',
      size: [224, 224],
      colour: 'rgb',
      batch: { kind: 'dynamic', max: 64 },
      resize: { fit, kernel: 'linear', antialias: true, background: [0, 0, 0] },
    },
    output: { name: 'roadwork', kind: 'probability' },
    positive: { label: 'Roadwork', index: 1 },
  };
}
