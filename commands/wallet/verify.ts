import { Flags } from '@oclif/core';
import type { ResultOf } from '../../src/results/index.ts';
import { withEnv } from '../../src/ui/index.ts';
import { verifyText } from '../../src/wallet/index.ts';
import { addressOrKey, WalletCommand } from '../../src/wallet-ui/index.ts';

export default class WalletVerify extends WalletCommand {
  static override summary = 'Check a signature over a text; exit code 1 when it is not valid.';
  static override examples = [
    '<%= config.bin %> wallet verify --message "hello" --signature 0x… --ss58 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY',
  ];
  static override hiddenAliases = ['w:verify', 'wallets:verify'];
  static override flags = withEnv({
    message: Flags.string({ char: 'm', summary: 'the text that was signed', required: true }),
    signature: Flags.string({
      char: 's',
      summary: '128 hexadecimal digits, with or without 0x',
      required: true,
    }),
    ss58: Flags.string({
      char: 'a',
      aliases: ['address', 'public-key', 'public_key'],
      summary: 'address or public key (64 hexadecimal digits) of the signer',
      required: true,
    }),
  });

  async run(): Promise<ResultOf<'wallet verify'>> {
    const { flags } = await this.parse(WalletVerify);
    const { ss58, publicKey } = addressOrKey(flags.ss58);
    const scheme = verifyText({ message: flags.message, signature: flags.signature, publicKey });
    this.say(
      scheme ? `Valid (${scheme}): signed by ${ss58}` : `Not valid: this is not a signature of ${ss58}`,
    );
    if (scheme === undefined) process.exitCode = 1;
    return { valid: scheme !== undefined, ss58, crypto_type: scheme ?? null };
  }
}
