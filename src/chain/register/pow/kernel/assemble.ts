/** WebAssembly instructions as bytes: an expression leaves one value on the stack. */
export type Code = readonly number[];

/** Signed LEB128, as constants are written. */
function leb(value: bigint | number): number[] {
  const bytes: number[] = [];
  for (let rest = BigInt(value); ; rest >>= 7n) {
    const low = Number(rest & 0x7fn);
    const done = (rest < 64n && rest >= -64n) || undefined;
    bytes.push(done ? low : low | 0x80);
    if (done) return bytes;
  }
}

/** Unsigned LEB128, as counts and indexes are written. */
function uleb(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...uleb(value >>> 7)];
}

const simd = (opcode: number) => [0xfd, ...uleb(opcode)];
const binary =
  (...opcode: number[]) =>
  (a: Code, b: Code): Code => [...a, ...b, ...opcode];

export const get = (local: number): Code => [0x20, ...uleb(local)];
export const set = (local: number, value: Code): Code => [...value, 0x21, ...uleb(local)];
export const i32 = (value: number): Code => [0x41, ...leb(value | 0)];
export const call = (index: number, ...given: Code[]): Code => [...given.flat(), 0x10, ...uleb(index)];

export const add32 = binary(0x6a);
export const lessUnsigned32 = binary(0x49);
export const atMostUnsigned64 = binary(0x58);

/** The same 32 bits of memory in all four lanes. */
export const loadSplat32 = (address: number): Code => [...i32(0), ...simd(0x09), 2, ...uleb(address)];
export const splat32 = (value: Code): Code => [...value, ...simd(0x11)];
export const lane64 = (vector: Code, lane: number): Code => [...vector, ...simd(0x1d), lane];
export const xor = binary(...simd(0x51));
export const or = binary(...simd(0x50));
/** a and not b */
export const andNot = binary(...simd(0x4f));
/** Bits of `a` where `mask` is set, else of `b`. */
export const choose = (mask: Code, a: Code, b: Code): Code => [...a, ...b, ...mask, ...simd(0x52)];
export const addLanes32 = binary(...simd(0xae));
export const shuffle = (a: Code, b: Code, bytes: readonly number[]): Code => [
  ...a,
  ...b,
  ...simd(0x0d),
  ...bytes,
];

/** Four lanes of 32 bits, or two of 64, all the same. */
export function constant(lane: bigint, bits: 32 | 64): Code {
  const bytes = new Uint8Array(16);
  for (let index = 0; index < 16; index++) {
    bytes[index] = Number((lane >> BigInt((index * 8) % bits)) & 0xffn);
  }
  return lanes(bytes);
}

export const lanes = (bytes: Uint8Array): Code => [...simd(0x0c), ...bytes];

export const shiftRight32 = (a: Code, by: number): Code => [...a, ...i32(by), ...simd(0xad)];
/** WebAssembly has no rotation of lanes. The argument is repeated, so it should be a local. */
export const rotateRight32 = (a: Code, by: number): Code =>
  or(shiftRight32(a, by), [...a, ...i32(32 - by), ...simd(0xab)]);
export const rotateLeft64 = (a: Code, by: number): Code =>
  by === 0 ? a : or([...a, ...i32(by), ...simd(0xcb)], [...a, ...i32(64 - by), ...simd(0xcd)]);

export const V128 = 0x7b;
export const I32 = 0x7f;
export const I64 = 0x7e;

/** `if (condition) return value` */
export const returnIf = (condition: Code, value: Code): Code => [
  ...condition,
  0x04,
  0x40,
  ...value,
  0x0f,
  0x0b,
];
/** Repeats `body` while `condition` holds after it. */
export const repeatWhile = (body: Code, condition: Code): Code => [
  0x03,
  0x40,
  ...body,
  ...condition,
  0x0d,
  0x00,
  0x0b,
];

export interface FunctionCode {
  readonly takes: readonly number[];
  readonly gives: readonly number[];
  /** Types of its locals after the parameters. */
  readonly locals: readonly { readonly type: number; readonly count: number }[];
  readonly body: Code;
}

/** A module of these functions with one page of memory; the last function is exported as `run`, the memory as `memory`. */
export function assemble(functions: readonly FunctionCode[]): Uint8Array<ArrayBuffer> {
  const vector = (items: readonly Code[]): Code => [...uleb(items.length), ...items.flat()];
  const section = (id: number, content: Code): Code => [id, ...uleb(content.length), ...content];
  const name = (text: string): Code => vector([...Buffer.from(text)].map((byte) => [byte]));
  const code = functions.map(({ locals, body }) => {
    const content = [...vector(locals.map(({ type, count }) => [...uleb(count), type])), ...body, 0x0b];
    return [...uleb(content.length), ...content];
  });
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(
      1,
      vector(
        functions.map(({ takes, gives }) => [
          0x60,
          ...vector(takes.map((t) => [t])),
          ...vector(gives.map((t) => [t])),
        ]),
      ),
    ),
    ...section(3, vector(functions.map((_, index) => uleb(index)))),
    ...section(5, vector([[0x00, 0x01]])),
    ...section(
      7,
      vector([
        [...name('run'), 0x00, ...uleb(functions.length - 1)],
        [...name('memory'), 0x02, 0x00],
      ]),
    ),
    ...section(10, vector(code)),
  ]);
}
