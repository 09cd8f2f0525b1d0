import type { ResultOf } from '../../src/results/index.ts';
import { walletFlags } from '../../src/ui/index.ts';
import { showWallet } from '../../src/wallet/index.ts';
import { keyText, WalletCommand } from '../../src/wallet-ui/index.ts';

export default class WalletShow extends WalletCommand {
  static override summary = 'Show the addresses of one wallet and hotkey, without any password.';
  static override examples = [
    '<%= config.bin %> wallet show --wallet-name main --hotkey miner1',
    '<%= config.bin %> wallet show -w main --json',
  ];
  static override hiddenAliases = ['w:show', 'wallets:show'];
  static override flags = walletFlags;

  async run(): Promise<ResultOf<'wallet show'>> {
    await this.parse(WalletShow);
    const { root, wallet, hotkey: name } = await this.location('hotkey');
    const { coldkey, hotkey } = showWallet(root, wallet, name);
    this.say(`${wallet}  ${coldkey ? keyText(coldkey) : '(no coldkey here)'}`);
    this.say(`  ${name}  ${hotkey ? keyText(hotkey) : '(no such hotkey here)'}`);
    return {
      coldkey: wallet,
      coldkey_ss58: coldkey?.ss58 ?? null,
      coldkey_crypto_type: coldkey?.cryptoType ?? null,
      coldkey_encrypted: (coldkey?.encryption ?? 'none') !== 'none',
      hotkey: hotkey ? name : null,
      hotkey_ss58: hotkey?.ss58 ?? null,
      hotkey_crypto_type: hotkey?.cryptoType ?? null,
      hotkey_encrypted: (hotkey?.encryption ?? 'none') !== 'none',
      path: root,
    };
  }
}
