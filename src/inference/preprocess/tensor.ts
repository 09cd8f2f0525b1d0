import type { BundleInput } from '../../bundle/index.ts';

/** How pixels become numbers; the part of a manifest's `input` that matters here. */
export type TensorRule = Pick<BundleInput, 'dtype' | 'layout' | 'colour' | 'scale' | 'mean' | 'std' | 'size'>;

export type TensorData = Uint8Array | Float32Array;

/** Writes RGB images of the model's size into one batch. Made once for a model, since the tables are the same. */
export interface TensorWriter {
  /** A batch of `count` images, zeroed. */
  allocate(count: number): TensorData;
  /** Puts interleaved RGB pixels at place `index` of the batch. */
  write(batch: TensorData, index: number, pixels: Uint8Array): void;
}

export function tensorWriter(rule: TensorRule): TensorWriter {
  const [height, width] = rule.size;
  const area = height * width;
  const length = area * 3;
  // Position c of the tensor takes channel order[c] of the pixel.
  const order = rule.colour === 'rgb' ? [0, 1, 2] : [2, 1, 0];
  const plain = rule.dtype === 'uint8' && rule.layout === 'nhwc' && rule.colour === 'rgb';
  const tables = [0, 1, 2].map((c) => {
    const mean = rule.mean[c] ?? 0;
    const std = rule.std[c] ?? 1;
    return Float32Array.from({ length: 256 }, (_, v) =>
      rule.dtype === 'uint8' ? v : (v * rule.scale - mean) / std,
    );
  });
  const step = rule.layout === 'nhwc' ? 3 : 1;
  return {
    allocate: (count) =>
      rule.dtype === 'uint8' ? new Uint8Array(count * length) : new Float32Array(count * length),
    write(batch, index, pixels) {
      const base = index * length;
      if (plain) {
        batch.set(pixels, base);
        return;
      }
      for (let c = 0; c < 3; c++) {
        const table = tables[c] as Float32Array;
        let at = base + (rule.layout === 'nhwc' ? c : c * area);
        let from = order[c] as number;
        for (let i = 0; i < area; i++, at += step, from += 3) {
          batch[at] = table[pixels[from] as number] as number;
        }
      }
    },
  };
}
