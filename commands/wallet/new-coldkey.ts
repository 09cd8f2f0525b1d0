import type { ResultOf } from '../../src/results/index.ts';
import { walletFlags } from '../../src/ui/index.ts';
import {
  coldkeyPasswordFlags,
  cryptoTypeFlag,
  cryptoTypeOf,
  makeKey,
  newKeyFlags,
  uriFlag,
  WalletCommand,
} from '../../src/wallet-ui/index.ts';

export default class WalletNewColdkey extends WalletCommand {
  static override summary = 'Make a new coldkey.';
  static override description =
    'The coldkey holds the funds. It is encrypted with a password, and its mnemonic is shown once, after the files are written.';
  static override examples = [
    '<%= config.bin %> wallet new-coldkey --wallet-name main',
    '<%= config.bin %> wallet new-coldkey -w main --n-words 24',
  ];
  static override hiddenAliases = [
    'w:new-coldkey',
    'w:new_coldkey',
    'wallet:new_coldkey',
    'wallets:new-coldkey',
  ];
  static override flags = {
    ...walletFlags,
    ...newKeyFlags,
    ...coldkeyPasswordFlags,
    ...cryptoTypeFlag,
    ...uriFlag,
  };

  async run(): Promise<ResultOf<'wallet new-coldkey'>> {
    const { flags } = await this.parse(WalletNewColdkey);
    const location = await this.newLocation('coldkey');
    const overwrite = await this.mayOverwrite([location], flags.overwrite);
    const sink = flags.uri === undefined ? this.mnemonicSink(flags['mnemonic-fd']) : undefined;
    const encrypt = flags['use-password'] && !flags['no-password'];
    const password = await this.choosePassword({ location, encrypt }, flags);

    const { keypair, mnemonic } = makeKey(flags['n-words'], cryptoTypeOf(flags['crypto-type']), flags.uri);
    const keys = [{ location, keypair, password }];
    const files = await this.saveNew(keys, [{ of: 'coldkey', mnemonic }], { overwrite, sink });
    this.sayKeys(keys);
    return this.keyResult(location, keypair, password !== undefined, files);
  }
}
