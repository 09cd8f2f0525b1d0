import type { ResultOf } from '../../src/results/index.ts';
import { walletFlags } from '../../src/ui/index.ts';
import {
  coldkeyPasswordFlags,
  cryptoTypeOf,
  restoredKeypair,
  secretFlags,
  WalletCommand,
} from '../../src/wallet-ui/index.ts';

export default class WalletRegenColdkey extends WalletCommand {
  static override summary =
    'Restore a coldkey from its mnemonic, seed, private key, or a JSON file of polkadot-js.';
  static override description =
    'The secret is asked for, or read from a file descriptor; it is never taken from the command line. Words numbered as on some paper backups (1-old 2-leopard …) may come in any order.';
  static override examples = [
    '<%= config.bin %> wallet regen-coldkey --wallet-name main',
    '<%= config.bin %> wallet regen-coldkey -w main --mnemonic-fd 3 --password-fd 4 3<mnemonic.txt 4<password.txt',
    '<%= config.bin %> wallet regen-coldkey -w main --json-path account.json',
  ];
  static override hiddenAliases = [
    'w:regen-coldkey',
    'w:regen_coldkey',
    'wallet:regen_coldkey',
    'wallets:regen-coldkey',
  ];
  static override flags = { ...walletFlags, ...secretFlags, ...coldkeyPasswordFlags };

  async run(): Promise<ResultOf<'wallet regen-coldkey'>> {
    const { flags } = await this.parse(WalletRegenColdkey);
    const location = await this.newLocation('coldkey');
    const overwrite = await this.mayOverwrite([location], flags.overwrite, true);
    const keypair = await restoredKeypair(flags, this.ask, cryptoTypeOf(flags['crypto-type']));
    const encrypt = flags['use-password'] && !flags['no-password'];
    const password = await this.choosePassword({ location, encrypt }, flags);
    const files = await this.save([{ location, keypair, password }], overwrite);
    this.sayKeys([{ location, keypair, password }]);
    return this.keyResult(location, keypair, password !== undefined, files);
  }
}
