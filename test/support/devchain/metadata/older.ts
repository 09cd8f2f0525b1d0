import { concat, Writer } from '../scale/bytes.ts';
import type { Scale } from '../scale/combinators.ts';
import { type MetadataModel, V14, V15, V16 } from './format.ts';

const MAGIC = new TextEncoder().encode('meta');

/** Versions a client may ask for; `state_getMetadata` always answers 14. */
export const METADATA_VERSIONS = [14, 15, 16] as const;
export type MetadataVersion = (typeof METADATA_VERSIONS)[number];

/** The metadata as a node serves it: magic, version, content. */
export function encodeMetadata(model: MetadataModel, version: MetadataVersion): Uint8Array {
  const writer = new Writer();
  if (version === 16) V16.write(writer, model);
  else if (version === 15) write(writer, V15, as15(model));
  else write(writer, V14, as14(model));
  return concat(MAGIC, Uint8Array.of(version), writer.done());
}

function write<T>(to: Writer, scale: Scale<T>, value: T): void {
  scale.write(to, value);
}

function olderPallets(model: MetadataModel) {
  return model.pallets.map((pallet) => ({
    ...pallet,
    calls: pallet.calls?.type,
    events: pallet.events?.type,
    errors: pallet.errors?.type,
  }));
}

function as15(model: MetadataModel) {
  const { address, call, signature, extensions } = model.extrinsic;
  return {
    types: model.types,
    pallets: olderPallets(model),
    extrinsic: { version: 4, address, call, signature, extra: extra(model), extensions },
    runtime: runtimeType(model),
    apis: model.apis,
    outerEnums: model.outerEnums,
    custom: model.custom,
  };
}

function as14(model: MetadataModel) {
  return {
    types: model.types,
    pallets: olderPallets(model),
    extrinsic: { type: extrinsicType(model).id, version: 4, extensions: model.extrinsic.extensions },
    runtime: runtimeType(model),
  };
}

function extrinsicType(model: MetadataModel) {
  const found = model.types.find((type) => type.path.at(-1) === 'UncheckedExtrinsic');
  if (found === undefined) throw new RangeError('the metadata has no extrinsic type');
  return found;
}

/** The tuple of signed extensions is a parameter of the extrinsic's type. */
function extra(model: MetadataModel): number {
  return extrinsicType(model).params.at(-1)?.type ?? 0;
}

function runtimeType(model: MetadataModel): number {
  return model.types.find((type) => type.path.at(-1) === 'Runtime')?.id ?? 0;
}
