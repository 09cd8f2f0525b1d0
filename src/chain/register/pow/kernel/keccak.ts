import {
  andNot,
  type Code,
  constant,
  type FunctionCode,
  get,
  rotateLeft64,
  set,
  V128,
  xor,
} from './assemble.ts';

const ROUNDS = 24;

/** Round constants of Keccak-f[1600], from its linear feedback shift register (FIPS 202, 3.2.5). */
function roundConstants(): bigint[] {
  let register = 1;
  return Array.from({ length: ROUNDS }, () => {
    let value = 0n;
    for (let j = 0; j <= 6; j++) {
      if (register & 1) value |= 1n << BigInt(2 ** j - 1);
      register = register & 0x80 ? ((register << 1) ^ 0x171) & 0xff : register << 1;
    }
    return value;
  });
}

/** Where each lane goes and by how much it turns: steps rho and pi together (FIPS 202, 3.2.2 and 3.2.3). */
function turns(): { readonly from: number; readonly to: number; readonly by: number }[] {
  const found = [{ from: 0, to: 0, by: 0 }];
  let [x, y] = [1, 0];
  for (let t = 0; t < 24; t++) {
    const [nextX, nextY] = [y, (2 * x + 3 * y) % 5];
    found.push({ from: x + 5 * y, to: nextX + 5 * nextY, by: (((t + 1) * (t + 2)) / 2) % 64 });
    [x, y] = [nextX, nextY];
  }
  return found;
}

const A = 0;
const B = 25;
const C = 50;
const D = 55;

/**
 * Keccak-256 of 32 bytes for two messages at once: takes their four lanes as vectors of two,
 * gives lane 3 of both digests, which is the most significant part of the digest as a little-endian number.
 */
export function keccakTail(): FunctionCode {
  const at = (base: number, x: number, y = 0) => base + ((x + 5) % 5) + 5 * y;
  const body: Code[] = [];
  const put = (local: number, value: Code) => body.push(set(local, value));
  const zero = constant(0n, 64);
  for (let lane = 4; lane < 25; lane++) put(A + lane, zero);
  // Padding of Keccak as it was before it became SHA-3: 0x01 after the message, 0x80 at the end of the rate (136 bytes).
  put(A + 4, constant(1n, 64));
  put(A + 16, constant(1n << 63n, 64));
  const every = [0, 1, 2, 3, 4];
  for (const [round, iota] of roundConstants().entries()) {
    for (const x of every) {
      put(
        C + x,
        every.slice(1).reduce((sum, y) => xor(sum, get(at(A, x, y))), get(at(A, x))),
      );
    }
    for (const x of every) put(D + x, xor(get(at(C, x - 1)), rotateLeft64(get(at(C, x + 1)), 1)));
    // Of the last round only lane 3 is wanted, which comes of lanes 3, 4 and 0 after the turns.
    const last = round === ROUNDS - 1;
    for (const { from, to, by } of turns()) {
      if (last && ![0, 3, 4].includes(to)) continue;
      put(A + from, xor(get(A + from), get(D + (from % 5))));
      put(B + to, rotateLeft64(get(A + from), by));
    }
    const chi = (x: number, y: number) =>
      xor(get(at(B, x, y)), andNot(get(at(B, x + 2, y)), get(at(B, x + 1, y))));
    if (last) {
      body.push(chi(3, 0));
      break;
    }
    for (const y of every) for (const x of every) put(at(A, x, y), chi(x, y));
    put(A, xor(get(A), constant(iota, 64)));
  }
  return {
    takes: [V128, V128, V128, V128],
    gives: [V128],
    locals: [{ type: V128, count: D + 5 - 4 }],
    body: body.flat(),
  };
}
