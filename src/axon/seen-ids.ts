import { hash, randomBytes } from 'node:crypto';

const LEAST = 16;

/** What an id is remembered by: half of its keyed SHA-256. */
export type Digest = readonly [bigint, bigint];

/** Digests of ids under a key of this process: nobody outside can choose ids that fall together. */
export function digester(): (id: string) => Digest {
  const key = randomBytes(32).toString('latin1');
  return (id) => {
    const bytes = hash('sha256', key + id, 'buffer');
    return [bytes.readBigUInt64LE(0), bytes.readBigUInt64LE(8)];
  };
}

/**
 * A set of digests in order of arrival, each with its nonce (below 2^64): 48 bytes each on average, outside the heap.
 * At a few hundred requests a second, tens of thousands are remembered, which as strings would keep the garbage
 * collector busy with three times the memory.
 */
export class SeenIds {
  /** A ring: the entry that came n-th after the oldest is at (#oldest + n) modulo the capacity. */
  #digests = new BigUint64Array(LEAST * 2);
  #nonces = new BigUint64Array(LEAST);
  /** Hash table with linear probing: 1 + an entry's place in the ring, 0 where empty. */
  #slots = new Uint32Array(LEAST * 2);
  #oldest = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(digest: Digest): boolean {
    return this.#slots[this.#slotOf(digest)] !== 0;
  }

  add(digest: Digest, nonce: bigint): void {
    if (this.has(digest)) return;
    if (this.#size === this.#nonces.length) this.#rebuild(this.#size * 2, () => true);
    this.#append(digest, nonce);
  }

  /** The nonce of the oldest entry. */
  get first(): bigint | undefined {
    return this.#size === 0 ? undefined : this.#nonces[this.#oldest];
  }

  removeFirst(): void {
    if (this.#size === 0) return;
    this.#vacate(this.#slotOf(this.#digestAt(this.#oldest)));
    this.#oldest = (this.#oldest + 1) % this.#nonces.length;
    this.#size -= 1;
    if (this.#nonces.length > LEAST && this.#size < this.#nonces.length / 8) {
      this.#rebuild(this.#nonces.length / 2, () => true);
    }
  }

  /** Keeps the entries with such a nonce. Takes time in proportion to the size. */
  keep(wanted: (nonce: bigint) => boolean): void {
    this.#rebuild(this.#nonces.length, wanted);
  }

  nonces(): bigint[] {
    return Array.from({ length: this.#size }, (_, n) => this.#nonces[this.#place(n)] as bigint);
  }

  #place(n: number): number {
    return (this.#oldest + n) % this.#nonces.length;
  }

  #digestAt(place: number): Digest {
    return [this.#digests[place * 2] as bigint, this.#digests[place * 2 + 1] as bigint];
  }

  /** The slot that holds the digest, or the empty one where it belongs. */
  #slotOf([a, b]: Digest): number {
    const mask = this.#slots.length - 1;
    for (let slot = Number(a & 0xffff_ffffn) & mask; ; slot = (slot + 1) & mask) {
      const place = (this.#slots[slot] as number) - 1;
      if (place < 0 || (this.#digests[place * 2] === a && this.#digests[place * 2 + 1] === b)) return slot;
    }
  }

  /** Empties a slot and moves up those behind it that would not be found any more. */
  #vacate(slot: number): void {
    const mask = this.#slots.length - 1;
    this.#slots[slot] = 0;
    for (let next = (slot + 1) & mask; this.#slots[next] !== 0; next = (next + 1) & mask) {
      const held = this.#slots[next] as number;
      this.#slots[next] = 0;
      this.#slots[this.#slotOf(this.#digestAt(held - 1))] = held;
    }
  }

  #append(digest: Digest, nonce: bigint): void {
    const place = this.#place(this.#size);
    this.#slots[this.#slotOf(digest)] = place + 1;
    this.#digests.set(digest, place * 2);
    this.#nonces[place] = nonce;
    this.#size += 1;
  }

  #rebuild(capacity: number, wanted: (nonce: bigint) => boolean): void {
    const entries: [Digest, bigint][] = [];
    for (let n = 0; n < this.#size; n += 1) {
      const nonce = this.#nonces[this.#place(n)] as bigint;
      if (wanted(nonce)) entries.push([this.#digestAt(this.#place(n)), nonce]);
    }
    this.#digests = new BigUint64Array(capacity * 2);
    this.#nonces = new BigUint64Array(capacity);
    this.#slots = new Uint32Array(capacity * 2);
    this.#oldest = 0;
    this.#size = 0;
    for (const [digest, nonce] of entries) this.#append(digest, nonce);
  }
}
