import type { ResultOf } from '../../src/results/index.ts';
import { walletFlags } from '../../src/ui/index.ts';
import type { NewKey } from '../../src/wallet/index.ts';
import {
  coldkeyPasswordFlags,
  cryptoTypeFlag,
  cryptoTypeOf,
  hotkeyCryptoTypeFlag,
  makeKey,
  newKeyFlags,
  WalletCommand,
} from '../../src/wallet-ui/index.ts';

export default class WalletCreate extends WalletCommand {
  static override summary = 'Make a wallet: a new coldkey and a new hotkey.';
  static override description =
    'The coldkey is encrypted with a password; the hotkey is not, because a miner reads it at every start. Each mnemonic is shown once, after the files are written.';
  static override examples = [
    '<%= config.bin %> wallet create --wallet-name main --hotkey miner1',
    '<%= config.bin %> wallet create -w main -H miner1 --password-fd 3 --mnemonic-fd 4 3<password.txt 4>mnemonics.txt',
  ];
  static override hiddenAliases = ['w:create', 'wallets:create'];
  static override flags = {
    ...walletFlags,
    ...newKeyFlags,
    ...coldkeyPasswordFlags,
    ...cryptoTypeFlag,
    ...hotkeyCryptoTypeFlag,
  };

  async run(): Promise<ResultOf<'wallet create'>> {
    const { flags } = await this.parse(WalletCreate);
    const hotkeyLocation = await this.newLocation('hotkey');
    const { root, wallet, hotkey } = hotkeyLocation;
    const coldkeyLocation = { root, wallet };
    const overwrite = await this.mayOverwrite([coldkeyLocation, hotkeyLocation], flags.overwrite);
    const sink = this.mnemonicSink(flags['mnemonic-fd']);
    const encrypt = flags['use-password'] && !flags['no-password'];
    const password = await this.choosePassword({ location: coldkeyLocation, encrypt }, flags);

    const coldkey = makeKey(flags['n-words'], cryptoTypeOf(flags['crypto-type']));
    const second = makeKey(flags['n-words'], cryptoTypeOf(flags['hotkey-crypto-type']));
    const keys: NewKey[] = [
      { location: coldkeyLocation, keypair: coldkey.keypair, password },
      { location: hotkeyLocation, keypair: second.keypair },
    ];
    const mnemonics = [
      { of: 'coldkey', mnemonic: coldkey.mnemonic },
      { of: 'hotkey', mnemonic: second.mnemonic },
    ];
    const files = await this.saveNew(keys, mnemonics, { overwrite, sink });
    this.sayKeys(keys);
    return {
      coldkey: wallet,
      hotkey,
      coldkey_ss58: coldkey.keypair.ss58,
      coldkey_crypto_type: coldkey.keypair.cryptoType,
      coldkey_encrypted: password !== undefined,
      hotkey_ss58: second.keypair.ss58,
      hotkey_crypto_type: second.keypair.cryptoType,
      path: root,
      files,
    };
  }
}
