import { createRequire } from 'node:module';

/**
 * The curve arithmetic takes as long to load as Node itself takes to start, and most commands that
 * look at wallets never compute with keys: each library loads on its first use, synchronously.
 */
const load = createRequire(import.meta.url);

export const sr25519 = (): typeof import('@scure/sr25519') => load('@scure/sr25519');
export const bip39 = (): typeof import('@scure/bip39') => load('@scure/bip39');
export const englishWords = (): string[] =>
  (load('@scure/bip39/wordlists/english.js') as typeof import('@scure/bip39/wordlists/english.js')).wordlist;
export const blake2 = (): typeof import('@noble/hashes/blake2.js') => load('@noble/hashes/blake2.js');
export const salsa = (): typeof import('@noble/ciphers/salsa.js') => load('@noble/ciphers/salsa.js');
