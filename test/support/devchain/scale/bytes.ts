/** Reads SCALE's primitives from a buffer; running over its end throws. */
export class Reader {
  readonly bytes: Uint8Array;
  offset = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get left(): number {
    return this.bytes.length - this.offset;
  }

  take(length: number): Uint8Array {
    if (length > this.left) throw new RangeError(`wants ${length} bytes, ${this.left} are left`);
    this.offset += length;
    return this.bytes.subarray(this.offset - length, this.offset);
  }

  u8(): number {
    return this.take(1)[0] as number;
  }

  /** Little-endian unsigned integer. */
  uint(length: number): bigint {
    const bytes = this.take(length);
    let value = 0n;
    for (let index = length - 1; index >= 0; index--) value = (value << 8n) | BigInt(bytes[index] as number);
    return value;
  }

  u32(): number {
    return Number(this.uint(4));
  }

  /** Compact integer; not the shortest form throws, as in a node. */
  compact(): bigint {
    const first = this.u8();
    const mode = first & 3;
    if (mode === 0) return BigInt(first >> 2);
    if (mode === 3) {
      const length = (first >> 2) + 4;
      const value = this.uint(length);
      if (value >> BigInt(8 * (length - 1)) === 0n || value < 1n << 30n)
        throw new RangeError('compact is not canonical');
      return value;
    }
    const length = mode === 1 ? 1 : 3;
    const value = (BigInt(first) | (this.uint(length) << 8n)) >> 2n;
    if (value < (mode === 1 ? 64n : 16384n)) throw new RangeError('compact is not canonical');
    return value;
  }

  /** A compact number of things. */
  length(): number {
    const value = this.compact();
    if (value > BigInt(this.bytes.length)) throw new RangeError(`a length of ${value} cannot be`);
    return Number(value);
  }
}

/** Writes SCALE's primitives into a growing buffer. */
export class Writer {
  #buffer = new Uint8Array(256);
  #length = 0;

  #room(length: number): number {
    const needed = this.#length + length;
    if (needed > this.#buffer.length) {
      const grown = new Uint8Array(Math.max(needed, this.#buffer.length * 2));
      grown.set(this.#buffer.subarray(0, this.#length));
      this.#buffer = grown;
    }
    const at = this.#length;
    this.#length = needed;
    return at;
  }

  put(bytes: Uint8Array): this {
    const at = this.#room(bytes.length);
    this.#buffer.set(bytes, at);
    return this;
  }

  u8(value: number): this {
    const at = this.#room(1);
    this.#buffer[at] = value;
    return this;
  }

  /** Little-endian; the caller has checked the range. */
  uint(value: bigint, length: number): this {
    const at = this.#room(length);
    let rest = value;
    for (let index = 0; index < length; index++, rest >>= 8n) this.#buffer[at + index] = Number(rest & 0xffn);
    return this;
  }

  u32(value: number): this {
    return this.uint(BigInt(value), 4);
  }

  compact(value: bigint | number): this {
    const given = BigInt(value);
    if (given < 1n << 6n) return this.u8(Number(given << 2n));
    if (given < 1n << 14n) return this.uint((given << 2n) | 1n, 2);
    if (given < 1n << 30n) return this.uint((given << 2n) | 2n, 4);
    let length = 4;
    while (given >> BigInt(8 * length) > 0n) length++;
    return this.u8(((length - 4) << 2) | 3).uint(given, length);
  }

  done(): Uint8Array {
    return this.#buffer.slice(0, this.#length);
  }
}

export function toHex(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}`;
}

/** @throws RangeError when it is not `0x` and whole bytes of hex */
export function fromHex(hex: string): Uint8Array {
  if (!/^0x(?:[0-9a-fA-F]{2})*$/.test(hex)) throw new RangeError(`not hex: ${hex.slice(0, 20)}`);
  return new Uint8Array(Buffer.from(hex.slice(2), 'hex'));
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
