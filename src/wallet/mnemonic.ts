import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { Sv72Error } from '../errors/index.ts';
import { bip39, englishWords } from './lazy.ts';

/** Entropy bytes per number of words (BIP-39). */
const ENTROPY_BYTES = { 12: 16, 15: 20, 18: 24, 21: 28, 24: 32 } as const;

export type WordCount = keyof typeof ENTROPY_BYTES;
export const WORD_COUNTS: readonly WordCount[] = [12, 15, 18, 21, 24];

/**
 * A new random mnemonic of English words.
 * @param random source of random bytes
 */
export function newMnemonic(
  words: WordCount = 12,
  random: (bytes: number) => Uint8Array = randomBytes,
): string {
  return bip39().entropyToMnemonic(Uint8Array.from(random(ENTROPY_BYTES[words])), englishWords());
}

/**
 * A mnemonic as people paste it, in its one canonical form: single spaces, lower case, and words numbered
 * "2-leopard 1-old" (as some paper backups are written, in any order) put into order.
 * @throws ERR_MNEMONIC when numbers are missing, doubled or mixed with plain words
 */
export function normaliseMnemonic(text: string): string {
  const words = text.normalize('NFKD').trim().toLowerCase().split(/\s+/);
  if (!words.some((word) => /^\d/.test(word))) return words.join(' ');
  const ordered: string[] = [];
  for (const word of words) {
    const [, number, name] = /^(\d{1,2})[-.:]([a-z]+)$/.exec(word) ?? [];
    const index = Number(number) - 1;
    if (name === undefined || index < 0 || index >= words.length) {
      throw bad('Some words are numbered and some are not, or a number is out of range.');
    }
    if (ordered[index] !== undefined) throw bad(`Two words of the mnemonic carry the number ${index + 1}.`);
    ordered[index] = name;
  }
  return ordered.join(' ');
}

/**
 * The 32-byte secret of a mnemonic as Substrate derives it: PBKDF2-HMAC-SHA512 over the *entropy*
 * (not over the words as BIP-39 does), salt "mnemonic" and the password, 2048 rounds, first 32 bytes.
 * @throws ERR_MNEMONIC
 */
export function miniSecret(mnemonic: string, password = ''): Uint8Array {
  const entropy = entropyOf(mnemonic);
  return new Uint8Array(pbkdf2Sync(entropy, `mnemonic${password}`, 2048, 64, 'sha512').subarray(0, 32));
}

/** Whether a mnemonic stands anywhere in a text: so many words of the list in a row, with a right checksum. */
export function holdsMnemonic(text: string): boolean {
  const list = englishWords();
  const known = new Set(list);
  let run: string[] = [];
  for (const word of text.toLowerCase().split(/[^a-z]+/)) {
    if (word === '') continue;
    run = known.has(word) ? [...run.slice(1 - Math.max(...WORD_COUNTS)), word] : [];
    for (const count of WORD_COUNTS) {
      if (count <= run.length && bip39().validateMnemonic(run.slice(-count).join(' '), list)) return true;
    }
  }
  return false;
}

function entropyOf(mnemonic: string): Uint8Array {
  const words = mnemonic.trim().split(/\s+/);
  if (!Object.hasOwn(ENTROPY_BYTES, words.length)) {
    throw bad(
      `A mnemonic has 12, 15, 18, 21 or 24 words, this one has ${mnemonic === '' ? 0 : words.length}.`,
    );
  }
  const known = new Set(englishWords());
  const unknown = words.findIndex((word) => !known.has(word));
  if (unknown !== -1) throw bad(`Word ${unknown + 1} of the mnemonic is not in the English word list.`);
  try {
    return bip39().mnemonicToEntropy(words.join(' '), englishWords());
  } catch {
    throw bad('The checksum of the mnemonic is wrong: a word is wrong or two are swapped.');
  }
}

const bad = (message: string) => new Sv72Error('ERR_MNEMONIC', message);
