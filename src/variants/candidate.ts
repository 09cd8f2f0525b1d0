import { join } from 'node:path';
import { type Manifest, type Precision, type VerifiedBundle, writeBundle } from '../bundle/index.ts';

/** A bundle with nothing but a new model, so that it is run exactly as it would be served. */
export async function candidateBundle(
  folder: string,
  manifest: Manifest,
  precision: Precision,
  file: string,
): Promise<VerifiedBundle> {
  const { format, files, variants, metrics, ...same } = manifest;
  return writeBundle({
    dir: join(folder, 'candidate'),
    manifest: same,
    files: [{ path: 'model.onnx', role: 'model', precision, content: { copyFrom: file } }],
  });
}
