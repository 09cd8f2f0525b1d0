/** Collects SCALE bytes. */
export class Writer {
  readonly #parts: Uint8Array[] = [];

  raw(bytes: Uint8Array): void {
    this.#parts.push(bytes);
  }

  u8(value: number): void {
    this.#parts.push(Uint8Array.of(value));
  }

  /** Little-endian; the caller has checked the range. */
  integer(value: bigint, bytes: number): void {
    const out = new Uint8Array(bytes);
    let rest = BigInt.asUintN(bytes * 8, value);
    for (let i = 0; i < bytes; i++) {
      out[i] = Number(rest & 0xffn);
      rest >>= 8n;
    }
    this.#parts.push(out);
  }

  compact(value: bigint): void {
    if (value < 1n << 6n) this.integer(value << 2n, 1);
    else if (value < 1n << 14n) this.integer((value << 2n) | 1n, 2);
    else if (value < 1n << 30n) this.integer((value << 2n) | 2n, 4);
    else {
      const bytes = Math.max(4, Math.ceil(value.toString(16).length / 2));
      this.u8(((bytes - 4) << 2) | 3);
      this.integer(value, bytes);
    }
  }

  bytes(): Uint8Array {
    return new Uint8Array(Buffer.concat(this.#parts));
  }
}

/** The bytes that `write` puts out. */
export function written(write: (writer: Writer) => void): Uint8Array {
  const writer = new Writer();
  write(writer);
  return writer.bytes();
}
