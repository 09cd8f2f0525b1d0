import type { ResultOf } from '../../src/results/index.ts';
import { walletFlags } from '../../src/ui/index.ts';
import { savePublicKey } from '../../src/wallet/index.ts';
import {
  cryptoTypeFlag,
  overwriteFlag,
  publicKeyFlags,
  statedKey,
  unlockFlags,
  WalletCommand,
} from '../../src/wallet-ui/index.ts';

export default class WalletRegenHotkeypub extends WalletCommand {
  static override summary = 'Write only the public file of a hotkey, from its address or public key.';
  static override description =
    'Restores a lost or wrong public file. If the hotkey itself is here, the address must be its own.';
  static override examples = [
    '<%= config.bin %> wallet regen-hotkeypub --wallet-name main --hotkey miner1 --ss58 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY',
  ];
  static override hiddenAliases = [
    'w:regen-hotkeypub',
    'w:regen_hotkeypub',
    'wallet:regen_hotkeypub',
    'wallets:regen-hotkeypub',
  ];
  static override flags = {
    ...walletFlags,
    ...publicKeyFlags,
    ...overwriteFlag,
    ...cryptoTypeFlag,
    ...unlockFlags,
  };

  async run(): Promise<ResultOf<'wallet regen-hotkeypub'>> {
    const { flags } = await this.parse(WalletRegenHotkeypub);
    const key = statedKey(flags);
    const location = await this.newLocation('hotkey');
    const unlocked = await this.unlockedBeside(location, flags);
    const path = savePublicKey(location, key, { overwrite: flags.overwrite === true, unlocked });
    this.say(`${path}: ${key.ss58}`);
    return {
      wallet: location.wallet,
      hotkey: location.hotkey,
      ss58: key.ss58,
      crypto_type: key.cryptoType,
      path,
    };
  }
}
