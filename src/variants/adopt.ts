import {
  type BundleFile,
  baseModel,
  type Manifest,
  modelsOf,
  type Precision,
  reviseBundle,
  type Variant,
  type VerifiedBundle,
} from '../bundle/index.ts';
import { Sv72Error } from '../errors/index.ts';

/** Puts a variant that passed into its bundle, in place of an earlier one of its name. */
export async function adopt(
  dir: string,
  record: Variant,
  precision: Precision,
  file: string,
): Promise<VerifiedBundle> {
  return reviseBundle({
    dir,
    add: [{ path: record.path, role: 'model', precision, copyFrom: file }],
    change: (manifest, added) => withVariant(manifest, record, added),
  });
}

/** A path that no other content ever has: what runs with the old file is not disturbed. */
export const variantPath = (name: string, sha256: string): string =>
  `variants/${name}-${sha256.slice(0, 12)}.onnx`;

/**
 * The manifest with the variant in it.
 *
 * @throws Sv72Error ERR_VARIANT_STALE when the model changed while the variant was made
 */
function withVariant(manifest: Manifest, record: Variant, added: readonly BundleFile[]): Manifest {
  if (baseModel(manifest).file.sha256 !== record.from.sha256) {
    throw new Sv72Error(
      'ERR_VARIANT_STALE',
      `The model of ${manifest.name} changed while the variant ${record.name} was made; it was not put into the bundle.`,
      { details: { variant: record.name } },
    );
  }
  const replaced = modelsOf(manifest).find(({ name }) => name === record.name)?.file.path;
  return {
    ...manifest,
    files: [...manifest.files.filter(({ path }) => path !== replaced), ...added],
    variants: [...(manifest.variants ?? []).filter(({ name }) => name !== record.name), record],
  };
}
