import type { ResultOf } from '../../src/results/index.ts';
import { walletFlags } from '../../src/ui/index.ts';
import { type ListedKey, listWallets } from '../../src/wallet/index.ts';
import { keyText, WalletCommand } from '../../src/wallet-ui/index.ts';

export default class WalletList extends WalletCommand {
  static override summary = 'List the wallets and hotkeys of a folder, without any password.';
  static override examples = [
    '<%= config.bin %> wallet list',
    '<%= config.bin %> wallet list --wallet-path ./wallets --json',
  ];
  static override hiddenAliases = ['w:list', 'wallets:list'];
  static override flags = {
    'wallet-name': walletFlags['wallet-name'],
    'wallet-path': walletFlags['wallet-path'],
  };

  async run(): Promise<ResultOf<'wallet list'>> {
    const { flags } = await this.parse(WalletList);
    const path = await this.root(flags);
    const only = flags['wallet-name'];
    const wallets = listWallets(path).filter(({ name }) => only === undefined || name === only);
    this.say(wallets.length === 0 ? `No wallets in ${path}` : path);
    for (const { name, coldkey, hotkeys } of wallets) {
      this.say(`  ${name}  ${coldkey ? keyText(coldkey) : '(no coldkey here)'}`);
      const width = Math.max(...hotkeys.map((hotkey) => hotkey.name.length));
      for (const hotkey of hotkeys) this.say(`    ${hotkey.name.padEnd(width)}  ${keyText(hotkey)}`);
    }
    return {
      path,
      coldkeys: wallets.map(({ name, coldkey, hotkeys }) => ({
        coldkey: name,
        ...listed(coldkey),
        hotkeys: hotkeys.map((hotkey) => ({ name: hotkey.name, ...listed(hotkey) })),
      })),
    };
  }
}

function listed(key: ListedKey | undefined) {
  return {
    ss58: key?.ss58 ?? null,
    crypto_type: key?.cryptoType ?? null,
    encrypted: key !== undefined && key.encryption !== 'none',
    private: key?.isPrivate === true,
  };
}
