import { join } from 'node:path';
import { checkWallets, listWallet } from '../../wallet/index.ts';
import type { Check, Finding } from '../types.ts';

/** The files of the wallet in use, as `sv72 wallet check` sees them. */
export const wallet: Check = {
  id: 'wallet',
  title: 'wallet files',
  async run({ settings, paths, miners }) {
    const { name } = settings.wallet;
    const found = listWallet(paths.wallets, name);
    if (found === undefined) {
      return {
        status: 'failed',
        sentence: `There is no wallet "${name}" in ${paths.wallets}.`,
        fix: `sv72 wallet create --wallet-name ${name}`,
      };
    }
    const missing = miners
      .filter((miner) => !found.hotkeys.some((have) => have.name === miner.name))
      .map(
        (miner): Finding => ({
          miners: [miner.name],
          status: 'failed',
          sentence: `The wallet "${name}" has no hotkey "${miner.name}".`,
          fix: `sv72 wallet new-hotkey --wallet-name ${name} --hotkey ${miner.name}`,
        }),
      );
    const report = await checkWallets(paths.wallets, { wallet: name });
    const wrong = report.findings
      .filter(({ severity }) => severity !== 'note')
      .map(
        (finding): Finding => ({
          status: finding.severity === 'problem' ? 'failed' : 'warning',
          sentence: finding.message,
          fix:
            finding.repair === undefined
              ? `sv72 wallet check --wallet-name ${name}`
              : `sv72 wallet check --wallet-name ${name} --fix`,
        }),
      );
    if (missing.length + wrong.length > 0) return [...missing, ...wrong];
    return {
      status: 'ok',
      sentence: `${report.keys} keys in ${join(paths.wallets, name)}, nothing wrong with their files.`,
    };
  },
};
