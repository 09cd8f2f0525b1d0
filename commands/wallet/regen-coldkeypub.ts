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

export default class WalletRegenColdkeypub extends WalletCommand {
  static override summary = 'Write only the public file of a coldkey, from its address or public key.';
  static override description =
    'For a machine that must know the coldkey but not hold it, as miners should be. If the coldkey itself is here, the address must be its own.';
  static override examples = [
    '<%= config.bin %> wallet regen-coldkeypub --wallet-name main --ss58 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY',
  ];
  static override hiddenAliases = [
    'w:regen-coldkeypub',
    'w:regen_coldkeypub',
    'wallet:regen_coldkeypub',
    'wallets:regen-coldkeypub',
  ];
  static override flags = {
    ...walletFlags,
    ...publicKeyFlags,
    ...overwriteFlag,
    ...cryptoTypeFlag,
    ...unlockFlags,
  };

  async run(): Promise<ResultOf<'wallet regen-coldkeypub'>> {
    const { flags } = await this.parse(WalletRegenColdkeypub);
    const key = statedKey(flags);
    const location = await this.newLocation('coldkey');
    const unlocked = await this.unlockedBeside(location, flags);
    const path = savePublicKey(location, key, { overwrite: flags.overwrite === true, unlocked });
    this.say(`${path}: ${key.ss58}`);
    return { wallet: location.wallet, ss58: key.ss58, crypto_type: key.cryptoType, path };
  }
}
