import { keypairFromSeed } from '../../../src/wallet/index.ts';

const seed = (byte: number) => new Uint8Array(32).fill(byte);

/** The validator, the miner (our axon) and a stranger, as the conformance cases name them. */
export const V = keypairFromSeed(seed(0x11));
export const M = keypairFromSeed(seed(0x22));
export const X = keypairFromSeed(seed(0x33));
export const V_ED25519 = keypairFromSeed(seed(0x11), 'ed25519');
