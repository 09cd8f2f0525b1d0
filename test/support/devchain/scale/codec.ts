import type { MetadataModel } from '../metadata/format.ts';
import type { Plain } from '../model.ts';
import { Reader, Writer } from './bytes.ts';
import { Decoder } from './decoder.ts';
import { Encoder } from './encoder.ts';
import { Types } from './types.ts';

/**
 * Encodes and decodes values by the types of a runtime's metadata, to and from `Plain` (model.ts).
 * It shares no code with the client library, so that the two cannot be wrong in the same way.
 */
export class Codec {
  readonly types: Types;
  readonly #decoder: Decoder;
  readonly #encoder: Encoder;

  constructor(metadata: MetadataModel) {
    this.types = new Types(metadata);
    this.#decoder = new Decoder(this.types);
    this.#encoder = new Encoder(this.types);
  }

  encode(type: number, value: Plain): Uint8Array {
    const writer = new Writer();
    this.write(writer, type, value);
    return writer.done();
  }

  /** @throws RangeError when bytes are missing, left over or mean nothing */
  decode(type: number, bytes: Uint8Array): Plain {
    const reader = new Reader(bytes);
    const value = this.read(reader, type);
    if (reader.left > 0) throw new RangeError(`${reader.left} bytes are left over`);
    return value;
  }

  read(from: Reader, type: number): Plain {
    return this.#decoder.read(from, type);
  }

  write(to: Writer, type: number, value: Plain): void {
    this.#encoder.write(to, type, value);
  }

  /** What a value is where nothing is stored. */
  zero(type: number): Plain {
    return this.#encoder.zero(type);
  }
}
