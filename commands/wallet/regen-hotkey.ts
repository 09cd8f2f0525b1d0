import type { ResultOf } from '../../src/results/index.ts';
import { walletFlags } from '../../src/ui/index.ts';
import {
  cryptoTypeOf,
  hotkeyPasswordFlags,
  restoredKeypair,
  secretFlags,
  WalletCommand,
} from '../../src/wallet-ui/index.ts';

export default class WalletRegenHotkey extends WalletCommand {
  static override summary =
    'Restore a hotkey from its mnemonic, seed, private key, or a JSON file of polkadot-js.';
  static override description =
    'The secret is asked for, or read from a file descriptor; it is never taken from the command line. Words numbered as on some paper backups (1-old 2-leopard …) may come in any order.';
  static override examples = [
    '<%= config.bin %> wallet regen-hotkey --wallet-name main --hotkey miner1',
    '<%= config.bin %> wallet regen-hotkey -w main -H miner1 --seed-fd 3 3<seed.txt',
  ];
  static override hiddenAliases = [
    'w:regen-hotkey',
    'w:regen_hotkey',
    'wallet:regen_hotkey',
    'wallets:regen-hotkey',
  ];
  static override flags = { ...walletFlags, ...secretFlags, ...hotkeyPasswordFlags };

  async run(): Promise<ResultOf<'wallet regen-hotkey'>> {
    const { flags } = await this.parse(WalletRegenHotkey);
    const location = await this.newLocation('hotkey');
    const overwrite = await this.mayOverwrite([location], flags.overwrite, true);
    const keypair = await restoredKeypair(flags, this.ask, cryptoTypeOf(flags['crypto-type']));
    const encrypt = flags['use-password'] && !flags['no-password'];
    const password = await this.choosePassword({ location, encrypt }, flags);
    const files = await this.save([{ location, keypair, password }], overwrite);
    this.sayKeys([{ location, keypair, password }]);
    return this.keyResult(location, keypair, password !== undefined, files);
  }
}
