import { readFileSync } from 'node:fs';
import { METADATA_KEY } from '../wasm-runtime/metadata-key.ts';
import { METADATA_VERSIONS } from './metadata/older.ts';
import type { Hex } from './model.ts';
import type { RuntimeImage } from './runtime-image.ts';
import { toHex } from './scale/bytes.ts';

/** `:code` */
const CODE: Hex = '0x3a636f6465';
/** The one spec version that ../wasm-runtime is compiled for. */
const COMPILED_SPEC = 424;

const keyOfVersion = (version: number): Hex =>
  toHex(Buffer.concat([Buffer.from(METADATA_KEY), Uint8Array.of(version, 0, 0, 0)]));

let code: Hex | undefined;

/** State outside the pallets: the runtime as WebAssembly, for whoever forks this chain, and its metadata. */
export function wellKnown(image: RuntimeImage, key: Hex): Hex | undefined {
  if (image.version.spec_version !== COMPILED_SPEC) return undefined;
  if (key === CODE) {
    code ??= toHex(readFileSync(new URL('../wasm-runtime/runtime.wasm', import.meta.url)));
    return code;
  }
  const version = METADATA_VERSIONS.find((one) => key === keyOfVersion(one));
  return version === undefined ? undefined : image.encoded(version);
}
