/** Reads SCALE bytes from front to back. Throws RangeError at the end of the bytes. */
export class Reader {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.bytes.length - this.#at;
  }

  take(count: number): Uint8Array {
    if (count > this.left) throw new RangeError(`${count} bytes wanted, ${this.left} left`);
    const taken = this.bytes.subarray(this.#at, this.#at + count);
    this.#at += count;
    return taken;
  }

  u8(): number {
    const value = this.#view.getUint8(this.#at);
    this.#at += 1;
    return value;
  }

  /** Little-endian integer of up to 32 bits. */
  small(bytes: 1 | 2 | 4, signed: boolean): number {
    const at = this.#at;
    this.#at += bytes;
    if (bytes === 1) return signed ? this.#view.getInt8(at) : this.#view.getUint8(at);
    if (bytes === 2) return signed ? this.#view.getInt16(at, true) : this.#view.getUint16(at, true);
    return signed ? this.#view.getInt32(at, true) : this.#view.getUint32(at, true);
  }

  /** Little-endian integer of any width. */
  wide(bytes: number, signed: boolean): bigint {
    let value = 0n;
    if (bytes % 8 === 0) {
      for (let word = bytes / 8 - 1; word >= 0; word--) {
        value = (value << 64n) | this.#view.getBigUint64(this.#at + word * 8, true);
      }
      this.#at += bytes;
    } else {
      const taken = this.take(bytes);
      for (let i = bytes - 1; i >= 0; i--) value = (value << 8n) | BigInt(taken[i] ?? 0);
    }
    return signed ? BigInt.asIntN(bytes * 8, value) : value;
  }

  compact(): bigint {
    const first = this.u8();
    const mode = first & 3;
    if (mode === 0) return BigInt(first >> 2);
    this.#at -= 1;
    if (mode === 1) return BigInt(this.small(2, false) >>> 2);
    if (mode === 2) return BigInt(this.small(4, false) >>> 2);
    this.#at += 1;
    return this.wide((first >> 2) + 4, false);
  }

  /** A length, which cannot be more than the elements that the bytes left could hold. */
  length(leastElementBytes: number): number {
    const value = this.compact();
    const most = leastElementBytes > 0 ? Math.floor(this.left / leastElementBytes) : 65_536;
    if (value > BigInt(most)) throw new RangeError(`length ${value} of a list, at most ${most} possible`);
    return Number(value);
  }
}
