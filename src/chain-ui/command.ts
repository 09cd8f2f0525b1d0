import { formatTao, rao } from '../amount/index.ts';
import {
  type Call,
  type Chain,
  dryRun,
  type Head,
  type Included,
  type SubmitStatus,
  submit,
} from '../chain/index.ts';
import { effectiveNetuid, type Settings } from '../config/index.ts';
import { Sv72Error } from '../errors/index.ts';
import { looks, type Pace } from '../standing/index.ts';
import { connectionFlags, globalFlags, listenForInterruption } from '../ui/index.ts';
import { type KeyLocation, loadPublicKey, type PublicKey } from '../wallet/index.ts';
import { type PasswordFlags, WalletCommand } from '../wallet-ui/index.ts';
import { archiveOf, connectFor } from './connect.ts';

/** What a command that reads the chain works with. */
export interface At {
  readonly chain: Chain;
  readonly netuid: number;
  readonly settings: Settings;
  /** An archive node of the same chain, connected when first asked for; undefined where none is known. */
  readonly archive: () => Promise<Chain | undefined>;
}

/** A call that is to be signed, after its bill was shown. */
export interface Sending {
  readonly chain: Chain;
  readonly call: Call;
  readonly from: KeyLocation;
  readonly flags: PasswordFlags & { readonly yes?: boolean; readonly 'dry-run'?: boolean };
  /** What is typed to agree, and what it is: the amount, or a name. A call that costs nothing needs no agreement. */
  readonly agree?: { readonly expected: string; readonly what: string } | undefined;
}

/** What commands that read the chain share. */
export abstract class ChainCommand extends WalletCommand {
  static override baseFlags = { ...globalFlags, ...connectionFlags };

  #looksTold = false;

  /** Connects by the settings, runs `work`, and closes the connection, whatever happens. */
  protected async withChain<T>(work: (at: At) => Promise<T>): Promise<T> {
    const { settings } = await this.settings();
    const chain = await this.progress(`Connecting to ${settings.network}`, () =>
      connectFor({ network: settings.network, chain: settings.chain, note: (line) => this.note(line) }),
    );
    let archive: Promise<Chain | undefined> | undefined;
    try {
      return await work({
        chain,
        netuid: effectiveNetuid(settings),
        settings,
        archive: () => {
          archive ??= archiveOf(chain);
          return archive;
        },
      });
    } finally {
      await (await archive)?.close();
      await chain.close();
    }
  }

  /** Address of the wallet's coldkey, without its password. */
  protected coldkeyAddress(location: KeyLocation): PublicKey {
    return loadPublicKey({ root: location.root, wallet: location.wallet });
  }

  /**
   * Signs and sends a call and waits until it is final; with --dry-run lets the node check it instead.
   * @returns undefined after a dry run
   * @throws ERR_ABORTED when the person does not agree, ERR_NOT_VALID when the node’s check fails; as `submit`
   */
  protected async send({ chain, call, from, flags, agree }: Sending): Promise<Included | undefined> {
    if (flags['dry-run']) {
      const signer = await this.unlock(from, flags);
      const checked = await dryRun(chain, call, { signer });
      if (!checked.valid) {
        const { name, meaning, next, code } = checked.failure;
        throw new Sv72Error('ERR_NOT_VALID', `The node would refuse it: ${meaning}`, {
          next,
          details: { name, code },
        });
      }
      this.say('Dry run: the node says the signed transaction is valid. Nothing was sent.');
      return undefined;
    }
    if (agree && !flags.yes) {
      const message = `Type ${agree.what} (${agree.expected}) to go on:`;
      if (!(await this.ask.typed({ flag: '--yes', message, expected: agree.expected }))) {
        throw new Sv72Error('ERR_ABORTED', 'Nothing was sent.');
      }
    }
    const signer = await this.unlock(from, flags);
    try {
      return await this.untilInterrupted((signal) =>
        submit(chain, call, { signer, signal, onStatus: (status) => this.noteStatus(status) }),
      );
    } catch (error) {
      throw withoutRepeating(error);
    }
  }

  /** New blocks to look at, so far apart at least, until Ctrl-C. */
  protected async *watching(chain: Chain, every: Pace): AsyncGenerator<Head> {
    const { signal, over } = listenForInterruption();
    this.note('Watching; Ctrl-C ends it.');
    try {
      yield* looks({ chain, every, signal });
    } finally {
      over();
    }
  }

  /** The result of one look of a --watch; with --json a line of its own. */
  protected tellLook(result: object): void {
    this.#looksTold = true;
    if (this.jsonEnabled()) process.stdout.write(`${JSON.stringify(result)}\n`);
  }

  protected override get printsLines(): boolean {
    return this.#looksTold || this.argv.includes('--watch');
  }

  /** The last look was told when it was taken. */
  protected override logJson(json: unknown): void {
    if (!this.#looksTold) super.logJson(json);
  }

  /** What `look` finds; undefined with a warning when something outside failed, which does not end a watch. */
  protected async orMissed<T>(look: () => Promise<T>): Promise<T | undefined> {
    try {
      return await look();
    } catch (error) {
      if (!(error instanceof Sv72Error) || error.entry.who !== 'outside') throw error;
      this.note(`Warning: ${error.message} Looking again later.`);
      return undefined;
    }
  }

  /** A line for each step of a transaction. */
  protected noteStatus(status: SubmitStatus): void {
    const text = {
      sent: 'Sent; waiting for a block …',
      future: 'Waiting for an earlier transaction of this account …',
      'in-block': 'In a block; waiting for finality …',
      retracted: 'Its block was given up; waiting for another one …',
      finalized: 'Final.',
      searching: `Looking for it in the blocks${status.kind === 'searching' ? `: ${status.reason}` : ''} …`,
      'sent-again': 'The node had lost it and took it again: the same bytes, which can happen once only.',
    }[status.kind];
    if (!this.jsonEnabled()) this.note(text);
  }

  /** How a fee is said. */
  protected feeText(fee: bigint): string {
    return fee === 0n ? 'free' : formatTao(rao(fee));
  }
}

/** No note is kept of these transactions as `register` keeps one, so what may still happen must not be sent again unseen. */
function withoutRepeating(error: unknown): unknown {
  if (
    !(error instanceof Sv72Error) ||
    !['ERR_INTERRUPTED', 'ERR_CHAIN_UNKNOWN_OUTCOME'].includes(error.code)
  ) {
    return error;
  }
  const { code, message, details, cause } = error;
  const { extrinsic_hash: hash, valid_until_block: until } = details;
  if (hash === undefined) return error;
  return new Sv72Error(code, message, {
    next: `Running the command again would send another one. The transaction ${String(hash)} can come into a block until ${String(until)}: look at the account (sv72 balance, sv72 stake list) after that.`,
    details,
    cause,
  });
}
