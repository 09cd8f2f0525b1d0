import { keypairFromSeed, saveKeys } from '../../../src/wallet/index.ts';

/**
 * Replaces (or makes) a coldkey and a hotkey, and dies at the given change of the disk as a power cut would have it.
 * Arguments: folder, seed byte, number of the step to die before.
 */
const [root = '', byte = '0', last = '0'] = process.argv.slice(2);
const keypair = keypairFromSeed(new Uint8Array(32).fill(Number(byte)));
let count = 0;

await saveKeys(
  [
    { location: { root, wallet: 'main' }, keypair },
    { location: { root, wallet: 'main', hotkey: 'miner1' }, keypair },
  ],
  {
    overwrite: true,
    beforeStep: () => {
      if (count++ === Number(last)) process.kill(process.pid, 'SIGKILL');
    },
  },
);
