import { readFileSync } from 'node:fs';
import { RuntimeImage } from '../runtime-image.ts';
import { Reader } from '../scale/bytes.ts';
import { type MetadataModel, V16 } from './format.ts';

const FINNEY = new URL('./finney-2026-07-04-spec424.scale', import.meta.url);

/** Runtimes that the test chain can serve. */
export const VARIANTS = ['spec424'] as const;
export type Variant = (typeof VARIANTS)[number];

const images = new Map<string, RuntimeImage>();

/** A runtime, made once per process. */
export function runtimeImage(variant: Variant): RuntimeImage {
  const known = images.get(variant);
  if (known !== undefined) return known;
  const image = new RuntimeImage(realMetadata());
  images.set(variant, image);
  return image;
}

/** The metadata of the real network on 4 July 2026, spec 424. A fresh copy: variants change it. */
function realMetadata(): MetadataModel {
  const reader = new Reader(new Uint8Array(readFileSync(FINNEY)));
  reader.take(5);
  return V16.read(reader);
}
