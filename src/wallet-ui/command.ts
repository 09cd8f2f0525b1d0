import { expandHome, hotkeysMeant, ourSurroundings, walletPathWithoutFile } from '../config/index.ts';
import { Sv72Error } from '../errors/index.ts';
import { Sv72Command } from '../ui/index.ts';
import {
  type KeyLocation,
  type Keypair,
  keyName,
  keyPaths,
  loadKey,
  type NewKey,
  needsPassword,
  type Passwords,
  refuseTaken,
  requireWritable,
  saveKeys,
  writeSecret,
} from '../wallet/index.ts';
import { refuseSecrets } from './arguments.ts';
import { newPassword, type PasswordFlags, passwordsFrom } from './secrets.ts';

/** A key to be made: its file, and whether it gets a password. */
export interface Wanted {
  readonly location: KeyLocation;
  readonly encrypt: boolean;
}

/** The mnemonic of a new key, and which key that is. */
export interface NewMnemonic {
  readonly of: string;
  readonly mnemonic: string | undefined;
}

/** Where the mnemonic of a new key goes, known before the key exists. */
export interface MnemonicSink {
  /**
   * To a descriptor it goes before the key is kept: what does not take it leaves everything as it was.
   * On a terminal it is shown after, so that nobody writes down the words of a key that came to nothing.
   */
  readonly order: 'before' | 'after';
  readonly give: (mnemonics: readonly NewMnemonic[]) => void;
}

/** What commands that touch keys share. */
export abstract class WalletCommand extends Sv72Command {
  protected override async init(): Promise<void> {
    refuseSecrets(this.argv);
    await super.init();
  }

  /**
   * The folder of the wallets.
   * @param typed flags of a command that needs no other setting; without an sv72.yaml it starts faster then
   */
  protected async root(typed?: {
    readonly 'wallet-path'?: string | undefined;
    readonly config?: string | undefined;
  }) {
    const quick = typed && (await walletPathWithoutFile(typed['wallet-path'], typed.config));
    const path = quick ?? (await this.settings()).settings.wallet.path;
    return expandHome(path, ourSurroundings().home);
  }

  /**
   * The wallet, and the hotkey when one is meant, by flags and settings; of miners that the settings list the only one.
   * @throws ERR_USAGE when several could be meant
   */
  protected async location(part: 'coldkey'): Promise<Omit<KeyLocation, 'hotkey'>>;
  protected async location(part: 'hotkey'): Promise<Required<KeyLocation>>;
  protected async location(part: 'coldkey' | 'hotkey'): Promise<KeyLocation> {
    const loaded = await this.settings();
    const root = await this.root();
    const wallet = loaded.settings.wallet.name;
    if (part === 'coldkey') return { root, wallet };
    const { hotkeys, listed } = hotkeysMeant(loaded);
    return { root, wallet, hotkey: onlyOne(hotkeys, listed ? 'miners' : 'hotkeys') };
  }

  /** As `location`, for a key that is to be made: a name that nobody gave is asked for. */
  protected async newLocation(part: 'coldkey'): Promise<Omit<KeyLocation, 'hotkey'>>;
  protected async newLocation(part: 'hotkey'): Promise<Required<KeyLocation>>;
  protected async newLocation(part: 'coldkey' | 'hotkey'): Promise<KeyLocation> {
    const { origins, settings } = await this.settings();
    const location = await this.location('coldkey');
    const asked = async (key: string, flag: string, message: string, usual: string) =>
      origins.get(key)?.from === 'default' ? await this.ask.text({ flag, message, default: usual }) : usual;
    const wallet = await asked('wallet.name', '--wallet-name', 'Name of the wallet:', location.wallet);
    if (part === 'coldkey') return { ...location, wallet };
    const usual = onlyOne(settings.wallet.hotkeys, 'hotkeys');
    const hotkey = await asked('wallet.hotkeys', '--hotkey', 'Name of the hotkey:', usual);
    return { ...location, wallet, hotkey };
  }

  /** Passwords of existing keys. */
  protected passwords(flags: PasswordFlags): Passwords {
    return passwordsFrom(flags, this.ask);
  }

  /**
   * Refuses keys that exist, or asks the person to type the wallet's name for replacing them.
   * @param restored the keys are restored, so a public file that is there may be their own
   * @returns whether existing files may be replaced
   */
  protected async mayOverwrite(
    locations: readonly KeyLocation[],
    overwrite: boolean | undefined,
    restored = false,
  ): Promise<boolean> {
    try {
      refuseTaken(locations, overwrite, restored);
      return overwrite === true;
    } catch (error) {
      const asks = error instanceof Sv72Error && error.code === 'ERR_KEY_EXISTS' && overwrite === undefined;
      if (!asks || !this.ask.interactive) throw error;
      const expected = locations[0]?.wallet ?? '';
      this.note(`${error.message} Replacing it loses the old key for good, unless you have its mnemonic.`);
      const message = `Type the name of the wallet (${expected}) to replace it:`;
      if (!(await this.ask.typed({ flag: '--overwrite', message, expected }))) {
        throw new Sv72Error('ERR_ABORTED', 'Nothing was changed.');
      }
      refuseTaken(locations, true, restored);
      return true;
    }
  }

  /**
   * Decides where a new mnemonic will be shown, before there is one.
   * @throws ERR_NOWHERE_TO_SHOW
   */
  protected mnemonicSink(fd: number | undefined): MnemonicSink {
    if (fd !== undefined) {
      requireWritable(fd);
      const give = (mnemonics: readonly NewMnemonic[]) => {
        for (const { mnemonic } of mnemonics) if (mnemonic !== undefined) writeSecret(fd, mnemonic);
      };
      return { order: 'before', give };
    }
    const terminal = process.stderr.isTTY ? process.stderr : process.stdout;
    if (!terminal.isTTY || (terminal === process.stdout && this.jsonEnabled())) {
      throw new Sv72Error(
        'ERR_NOWHERE_TO_SHOW',
        'There is no terminal to show the new mnemonic on, so nothing was created.',
      );
    }
    const give = (mnemonics: readonly NewMnemonic[]) => {
      for (const { of, mnemonic } of mnemonics) {
        terminal.write(`\nMnemonic of the ${of}:\n\n  ${mnemonic}\n`);
      }
      terminal.write(
        '\nWrite it down now: it is not shown again. Whoever has it has the key, and without it a lost key is lost.\n\n',
      );
    };
    return { order: 'after', give };
  }

  /** The password for a key to be made, or undefined when it gets none. */
  protected async choosePassword(
    { location, encrypt }: Wanted,
    flags: PasswordFlags,
  ): Promise<string | undefined> {
    if (!encrypt) return undefined;
    return await newPassword({ flags, ask: this.ask, location, note: (line) => this.note(line) });
  }

  /** Writes the keys, with a line that shows that encrypting takes its time. */
  protected async save(keys: readonly NewKey[], overwrite: boolean): Promise<string[]> {
    const slow = keys.some(({ password }) => password !== undefined);
    const write = async () => await saveKeys(keys, { overwrite });
    return slow
      ? await this.progress('Deriving the encryption key (some seconds, 512 MiB)', write)
      : await write();
  }

  /** Keeps new keys, and gives away their mnemonics, once. A development key (no sink) has none. */
  protected async saveNew(
    keys: readonly NewKey[],
    mnemonics: readonly NewMnemonic[],
    { overwrite, sink }: { readonly overwrite: boolean; readonly sink: MnemonicSink | undefined },
  ): Promise<string[]> {
    if (sink?.order === 'before') sink.give(mnemonics);
    const files = await this.save(keys, overwrite);
    if (sink?.order === 'after') sink.give(mnemonics);
    return files;
  }

  /** Prints what was made. */
  protected sayKeys(keys: readonly NewKey[]): void {
    for (const { location, keypair, password } of keys) {
      this.say(`${keyName(location)}: ${keypair.ss58}`);
      this.say(
        `  ${keyPaths(location).privateFile} (${password === undefined ? 'not encrypted' : 'encrypted'})`,
      );
    }
  }

  /** The result of making or restoring one key. */
  protected keyResult<L extends KeyLocation>(
    { root, ...names }: L,
    keypair: Keypair,
    encrypted: boolean,
    files: string[],
  ) {
    return { ...names, ss58: keypair.ss58, crypto_type: keypair.cryptoType, encrypted, path: root, files };
  }

  /** Opens an existing key. */
  protected async unlock(location: KeyLocation, flags: PasswordFlags): Promise<Keypair> {
    const passwords = needsPassword(location) ? this.passwords(flags) : undefined;
    const { keypair, stalePublicFile } = await loadKey(location, passwords);
    if (stalePublicFile) {
      this.note(
        `Warning: the public file of the ${keyName(location)} names another key; see \`sv72 wallet check\`.`,
      );
    }
    return keypair;
  }

  /** The private key beside a public file that is to be written, when only its password can tell its address. */
  protected async unlockedBeside(location: KeyLocation, flags: PasswordFlags): Promise<Keypair | undefined> {
    return needsPassword(location) ? await this.unlock(location, flags) : undefined;
  }
}

/** @throws ERR_USAGE with the names of several */
function onlyOne(hotkeys: readonly string[], what: 'miners' | 'hotkeys'): string {
  const [only, ...others] = hotkeys;
  if (only !== undefined && others.length === 0) return only;
  const names = hotkeys.join(', ');
  throw new Sv72Error(
    'ERR_USAGE',
    `This command works with one hotkey, and the settings name ${hotkeys.length} ${what}: ${names}.`,
    { next: 'Name the one that is meant with --hotkey.' },
  );
}
