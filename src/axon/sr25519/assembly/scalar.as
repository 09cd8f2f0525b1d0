// Numbers modulo the group's order ℓ = 2^252 + 27742317777372353535851937790883648493.

const L0: u64 = 0x5812631a5cf5d3ed;
const L1: u64 = 0x14def9dea2f79cd6;
const L3: u64 = 0x1000000000000000;

/** ℓ in words of 32 bits. */
const ORDER = memory.data<u32>([0x5cf5d3ed, 0x5812631a, 0xa2f79cd6, 0x14def9de, 0, 0, 0, 0x10000000]);
/** The rest so far, in words of 32 bits. */
const REST = memory.data(36);

/** Whether 32 bytes, little endian, are below ℓ. */
export function isScalar(bytes: usize): bool {
  const w3 = load<u64>(bytes, 24);
  if (w3 != L3) return w3 < L3;
  if (load<u64>(bytes, 16) != 0) return false;
  const w1 = load<u64>(bytes, 8);
  return w1 < L1 || (w1 == L1 && load<u64>(bytes) < L0);
}

/** Writes the rest of 64 bytes, little endian, modulo ℓ. Division as on paper, a word of 32 bits at a time. */
export function reduceWide(out: usize, bytes: usize): void {
  memory.fill(REST, 0, 36);
  for (let word = 15; word >= 0; word--) {
    memory.copy(REST + 4, REST, 32);
    store<u32>(REST, load<u32>(bytes + (word << 2)));
    // The quotient is this, or one less.
    subtractTimes((<u64>load<u32>(REST, 32) << 4) | (load<u32>(REST, 28) >> 28));
    if (load<i32>(REST, 32) < 0) addOnce();
  }
  memory.copy(out, REST, 32);
}

/** REST −= quotient·ℓ */
function subtractTimes(quotient: u64): void {
  let carried: i64 = 0;
  for (let i: usize = 0; i < 32; i += 4) {
    // Products are below 2^64; what is carried is not above 0.
    const product = quotient * load<u32>(ORDER + i);
    carried += <i64>load<u32>(REST + i) - <i64>(product & 0xffffffff);
    store<u32>(REST + i, <u32>carried);
    carried = (carried >> 32) - <i64>(product >> 32);
  }
  store<u32>(REST, load<u32>(REST, 32) + <u32>carried, 32);
}

function addOnce(): void {
  let carried: u64 = 0;
  for (let i: usize = 0; i < 32; i += 4) {
    carried += <u64>load<u32>(REST + i) + load<u32>(ORDER + i);
    store<u32>(REST + i, <u32>carried);
    carried >>= 32;
  }
  store<u32>(REST, load<u32>(REST, 32) + <u32>carried, 32);
}
