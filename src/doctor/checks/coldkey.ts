import { findLocalMiners } from '../../miner/index.ts';
import { keyPaths, listWallets } from '../../wallet/index.ts';
import type { Check } from '../types.ts';

/** A machine that strangers send bytes to is the wrong place for the key that owns the money. */
export const coldkey: Check = {
  id: 'coldkey',
  title: 'no coldkey on a serving machine',
  async run({ paths }) {
    const secret = listWallets(paths.wallets).filter((wallet) => wallet.coldkey?.isPrivate === true);
    if (secret.length === 0) return { status: 'ok', sentence: 'No private coldkey lies on this machine.' };
    const names = secret.map(({ name }) => `"${name}"`).join(', ');
    const plain = secret.find((wallet) => wallet.coldkey?.encryption === 'none');
    const first = plain ?? secret[0];
    const { privateFile } = keyPaths({ root: paths.wallets, wallet: first?.name ?? '' });
    const serving = (await findLocalMiners()).length > 0;
    if (plain !== undefined) {
      return {
        status: serving ? 'failed' : 'warning',
        sentence: `The private coldkey of "${plain.name}" lies on this machine${serving ? ', which serves,' : ''} without a password.`,
        fix: `mv ${privateFile} /path/on/another/machine`,
      };
    }
    return {
      status: serving ? 'warning' : 'note',
      sentence: serving
        ? `The private coldkey of ${names} lies on this machine, which serves: a miner needs only the hotkey and coldkeypub.txt.`
        : `The private coldkey of ${names} lies on this machine, encrypted; move it away before you serve from here.`,
      ...(serving && { fix: `mv ${privateFile} /path/on/another/machine` }),
    };
  },
};
