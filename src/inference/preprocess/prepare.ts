import type { BundleInput } from '../../bundle/index.ts';
import { discard } from '../discard.ts';
import { type Decoded, decode } from './decode.ts';
import { fitTo, place } from './geometry.ts';
import { type TensorData, tensorWriter } from './tensor.ts';

/** Pixels of the model's size, and what was decoded for them. */
export interface PreparedImage {
  readonly pixels: Uint8Array;
  readonly decoded: Decoded;
}

/** Image bytes to pixels of the model's size. @throws what the decoder says when the bytes are no image */
export async function prepareImage(
  bytes: Uint8Array,
  { size, resize }: BundleInput,
  mostPixels: number,
): Promise<PreparedImage> {
  const decoded = await decode(bytes, {
    pixels: mostPixels,
    whole: resize.kernel === 'nearest' || !resize.antialias,
    target: (width, height) => place({ width, height }, size, resize.fit),
  });
  const { data: pixels } = fitTo(decoded.image, size, resize, decoded);
  if (decoded.image.data !== pixels) discard(decoded.image.data);
  return { pixels, decoded };
}

/** What the graph is given for an image, without the batch dimension. @throws as `prepareImage` */
export async function tensorOf(
  bytes: Uint8Array,
  input: BundleInput,
  mostPixels = 50_000_000,
): Promise<TensorData> {
  const { pixels } = await prepareImage(bytes, input, mostPixels);
  const writer = tensorWriter(input);
  const tensor = writer.allocate(1);
  writer.write(tensor, 0, pixels);
  return tensor;
}
