import { readFileSync } from 'node:fs';
import { apiId, RuntimeImage } from '../runtime-image.ts';
import { Reader, Writer } from '../scale/bytes.ts';
import { Codec } from '../scale/codec.ts';
import { MetadataEditor } from './editor.ts';
import { type MetadataModel, V16 } from './format.ts';
import { makeNewer } from './newer.ts';
import { makeOld } from './old.ts';
import { METADATA_VERSIONS, type MetadataVersion } from './older.ts';

const FINNEY = new URL('./finney-2026-07-04-spec424.scale', import.meta.url);

interface VariantModel {
  readonly spec: number;
  readonly slotMs: number;
  readonly versions: readonly MetadataVersion[];
  change(edit: MetadataEditor): void;
}

/**
 * Runtimes that the test chain can serve: the real network's of 4 July 2026 as it was, the same with a later version
 * number and nothing else (an ordinary upgrade), one with what came after, one from long before.
 */
const MODELS = {
  spec424: { spec: 424, slotMs: 12_000, versions: METADATA_VERSIONS, change: () => undefined },
  spec425: { spec: 425, slotMs: 12_000, versions: METADATA_VERSIONS, change: () => undefined },
  newer: { spec: 471, slotMs: 12_000, versions: METADATA_VERSIONS, change: makeNewer },
  old: { spec: 300, slotMs: 1_000, versions: [14, 15], change: makeOld },
} as const satisfies Record<string, VariantModel>;

export type Variant = keyof typeof MODELS;
export const VARIANTS = Object.keys(MODELS) as readonly Variant[];

const images = new Map<string, RuntimeImage>();

/**
 * A runtime, made once per process.
 * @param slotMs the slot duration its constants speak of, where it is not the variant's own
 */
export function runtimeImage(variant: Variant, slotMs: number = MODELS[variant].slotMs): RuntimeImage {
  const name = `${variant} ${slotMs}`;
  const known = images.get(name);
  if (known !== undefined) return known;
  const model: VariantModel = MODELS[variant];
  const edit = new MetadataEditor(realMetadata());
  model.change(edit);
  setVersion(edit, model.spec);
  edit.setConstant('Aura', 'SlotDuration', new Writer().uint(BigInt(slotMs), 8).done());
  edit.setConstant('Timestamp', 'MinimumPeriod', new Writer().uint(BigInt(slotMs) / 2n, 8).done());
  const image = new RuntimeImage(edit.model, model.versions);
  images.set(name, image);
  return image;
}

/** `System.Version` with the spec, and with the runtime APIs that are there. */
function setVersion(edit: MetadataEditor, spec: number): void {
  const constant = edit.pallet('System').constants.find(({ name }) => name === 'Version');
  if (constant === undefined) throw new RangeError('System has no Version');
  const codec = new Codec(edit.model);
  const version = codec.decode(constant.type, constant.value) as { readonly [field: string]: number };
  const apis = edit.model.apis.map((api) => [apiId(api.name), api.version]);
  constant.value = codec.encode(constant.type, { ...version, spec_version: spec, apis });
}

/** A fresh copy of the real metadata: variants change it. */
function realMetadata(): MetadataModel {
  const reader = new Reader(new Uint8Array(readFileSync(FINNEY)));
  reader.take(5);
  return V16.read(reader);
}
