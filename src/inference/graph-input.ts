import type { BundleInput } from '../bundle/index.ts';
import type { TensorData } from './preprocess/tensor.ts';

/**
 * What a graph would be given for an image, decoded and resized as the engine does it; without the batch dimension.
 * Loads the decoder when it is first called.
 *
 * @throws what the decoder says when the bytes are no image
 */
export async function graphInput(bytes: Uint8Array, input: BundleInput): Promise<TensorData> {
  const { tensorOf } = await import('./preprocess/prepare.ts');
  return tensorOf(bytes, input);
}
