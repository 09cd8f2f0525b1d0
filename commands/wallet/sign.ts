import { Flags } from '@oclif/core';
import type { ResultOf } from '../../src/results/index.ts';
import { walletFlags, withEnv } from '../../src/ui/index.ts';
import { signText } from '../../src/wallet/index.ts';
import { unlockFlags, WalletCommand } from '../../src/wallet-ui/index.ts';

export default class WalletSign extends WalletCommand {
  static override summary = 'Sign a text with the coldkey or a hotkey.';
  static override description =
    'The UTF-8 bytes of the text are signed as they are, also when it looks like hexadecimal. The signature is printed without 0x, as btcli does.';
  static override examples = [
    '<%= config.bin %> wallet sign -w main -H miner1 --use-hotkey --message "hello"',
    '<%= config.bin %> wallet sign -w main --no-use-hotkey --message "hello" --password-fd 3 3<password.txt',
  ];
  static override hiddenAliases = ['w:sign', 'wallets:sign'];
  static override flags = {
    ...walletFlags,
    ...withEnv({
      message: Flags.string({ char: 'm', summary: 'the text to sign' }),
      'use-hotkey': Flags.boolean({
        summary: 'sign with the hotkey (--no-use-hotkey: with the coldkey)',
        aliases: ['use_hotkey'],
        allowNo: true,
      }),
    }),
    ...unlockFlags,
  };

  async run(): Promise<ResultOf<'wallet sign'>> {
    const { flags } = await this.parse(WalletSign);
    const message = flags.message ?? (await this.ask.text({ flag: '--message', message: 'Text to sign:' }));
    const useHotkey = flags['use-hotkey'] ?? (await this.askHotkey());
    const location = useHotkey ? await this.location('hotkey') : await this.location('coldkey');
    const keypair = await this.unlock(location, flags);
    const signature = signText(keypair, message);
    this.say(signature);
    this.note(`Signed by ${keypair.ss58}`);
    return { signed_message: signature, signer_address: keypair.ss58, crypto_type: keypair.cryptoType };
  }

  private async askHotkey(): Promise<boolean> {
    const choices = [
      { value: 'hotkey', name: 'the hotkey' },
      { value: 'coldkey', name: 'the coldkey' },
    ] as const;
    const flag = '--use-hotkey or --no-use-hotkey';
    return (await this.ask.select({ flag, message: 'Sign with', choices })) === 'hotkey';
  }
}
