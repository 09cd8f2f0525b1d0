import { keypairFromSeed } from '../../../../src/wallet/index.ts';

/** The proof that all vectors are of: netuid 72, block hash 00 01 02 … 1f, keys from two known seeds. */
export const SUBJECT = {
  netuid: 72,
  blockHash: Uint8Array.from({ length: 32 }, (_, index) => index),
  hotkey: keypairFromSeed(new Uint8Array(32).fill(0x11)).publicKey,
  coldkey: keypairFromSeed(new Uint8Array(32).fill(0x22)).publicKey,
};

export const PREFIX =
  '73756274656e736f722d706f772d72656769737465722d76314800000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f50780547322a1ceba67ea8c552c9bc6c686f8698ac9a8cafab7cd15a1db19859a63d1427fd44c2e8876a2d724abc93fee5cff849ca7cdc4a906e381a189c8c04';

/** What the official SDK 11.3 computes for a nonce. */
export const WORKS: readonly (readonly [nonce: bigint, work: string])[] = [
  [0n, '5454a86092d3c153b5ef5260f31040a0f6a8cec49e059adc524819ea87786c1c'],
  [1n, '52ff0b473ab4b038f5be52883054424da95e523bd0904b010668bb54eb89d7ba'],
  [72n, '727f5d625947685eaa9b8c1944930582cbd58750fa241c51617befbdf2e43895'],
  [2n ** 64n - 1n, 'a1c49d2ab39d920427e6f31b9325b9782c71101b3350e90f72410f6a8ff638df'],
  [3n, '039adde6892a6623b9746b8dabd12e663ba75f81f6cf371cb527d9b14495cf11'],
  [567n, '89bac3ca7d9a4845979ffe887230fb1922a7d445a79617fc226ead767b120d00'],
  [86_741n, '856782dca5814254892ed5818514f5c7224f82c8c1a49e8356f44315720f0000'],
  [1_178_304n, 'ce3b8e8573c0c66e817a5bd37758131ef980c9e26087b03d171e4f6b6c010000'],
];

/** The first nonce from 0 that meets a difficulty. */
export const FIRSTS: readonly (readonly [difficulty: bigint, nonce: bigint])[] = [
  [1n, 0n],
  [2n, 0n],
  [10n, 3n],
  [1_000n, 567n],
  [1_000_000n, 86_741n],
  [10_000_000n, 1_178_304n],
];
