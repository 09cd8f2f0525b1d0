import { Sv72Error } from '../errors/index.ts';

/** Flags by which btcli takes secrets on its command line, and what takes each here. */
const SECRET_FLAGS: Readonly<Record<string, string>> = {
  mnemonic: '--mnemonic-fd',
  seed: '--seed-fd',
  'private-key': '--private-key-fd',
  private_key: '--private-key-fd',
  'json-password': '--json-password-fd',
  json_password: '--json-password-fd',
  password: '--password-fd',
  'wallet-password': '--password-fd',
};

/**
 * Refuses a secret on the command line, before anything is parsed that could repeat it.
 * @throws ERR_SECRET_IN_ARGUMENTS
 */
export function refuseSecrets(argv: readonly string[]): void {
  for (const word of argv) {
    if (word === '--') return;
    const flag = /^--([^=]+)/.exec(word)?.[1];
    const instead = flag !== undefined && Object.hasOwn(SECRET_FLAGS, flag) ? SECRET_FLAGS[flag] : undefined;
    if (instead === undefined) continue;
    throw new Sv72Error(
      'ERR_SECRET_IN_ARGUMENTS',
      `sv72 takes no secret on the command line, where other users and the shell history see it, so --${flag} was not used.`,
      {
        next: `Leave --${flag} out to be asked for it, or hand it over through a file descriptor: ${instead} 3 3<file. A secret typed into a shell may be in its history.`,
        details: { flag: `--${flag}`, instead },
      },
    );
  }
}
