import type { ResultOf } from '../../src/results/index.ts';
import { walletFlags } from '../../src/ui/index.ts';
import {
  cryptoTypeFlag,
  cryptoTypeOf,
  hotkeyPasswordFlags,
  makeKey,
  newKeyFlags,
  uriFlag,
  WalletCommand,
} from '../../src/wallet-ui/index.ts';

export default class WalletNewHotkey extends WalletCommand {
  static override summary = 'Make a new hotkey in a wallet.';
  static override description =
    'A miner signs with its hotkey and reads it at every start, so it is not encrypted unless --use-password is given. The wallet needs no coldkey on this machine.';
  static override examples = [
    '<%= config.bin %> wallet new-hotkey --wallet-name main --hotkey miner1',
    '<%= config.bin %> wallet new-hotkey -w main -H miner1 --mnemonic-fd 3 3>mnemonic.txt',
  ];
  static override hiddenAliases = ['w:new-hotkey', 'w:new_hotkey', 'wallet:new_hotkey', 'wallets:new-hotkey'];
  static override flags = {
    ...walletFlags,
    ...newKeyFlags,
    ...hotkeyPasswordFlags,
    ...cryptoTypeFlag,
    ...uriFlag,
  };

  async run(): Promise<ResultOf<'wallet new-hotkey'>> {
    const { flags } = await this.parse(WalletNewHotkey);
    const location = await this.newLocation('hotkey');
    const overwrite = await this.mayOverwrite([location], flags.overwrite);
    const sink = flags.uri === undefined ? this.mnemonicSink(flags['mnemonic-fd']) : undefined;
    const encrypt = flags['use-password'] && !flags['no-password'];
    const password = await this.choosePassword({ location, encrypt }, flags);

    const { keypair, mnemonic } = makeKey(flags['n-words'], cryptoTypeOf(flags['crypto-type']), flags.uri);
    const keys = [{ location, keypair, password }];
    const files = await this.saveNew(keys, [{ of: 'hotkey', mnemonic }], { overwrite, sink });
    this.sayKeys(keys);
    return this.keyResult(location, keypair, password !== undefined, files);
  }
}
