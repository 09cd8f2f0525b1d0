import { existsSync } from 'node:fs';
import { formatTao, rao, taoJson } from '../amount/index.ts';
import { blocksText, type Chain, decodeIp, dryRun, estimateFee } from '../chain/index.ts';
import { type ConfiguredMiner, type Loaded, type MinersInView, minersInView } from '../config/index.ts';
import { Sv72Error } from '../errors/index.ts';
import {
  type Announced,
  type Announcement,
  announce,
  announcementCall,
  type ChainView,
  decide,
  placeOf,
  placeText,
  RESET,
  readView,
} from '../presence/index.ts';
import { type KeyLocation, keyName, keyPaths, loadPublicKey } from '../wallet/index.ts';
import type { PasswordFlags } from '../wallet-ui/index.ts';
import { type At, ChainCommand } from './command.ts';

/** A hotkey of the settings. */
export interface OwnHotkeyFile {
  readonly name: string;
  readonly hotkey: string;
  readonly location: Required<KeyLocation>;
  /** How it is served. */
  readonly miner: ConfiguredMiner;
  /** Whether it is one of the section `miners`. */
  readonly listed: boolean;
}

/** A hotkey of the settings whose address cannot be read, and why. */
export interface MissingHotkey {
  readonly name: string;
  readonly error: Sv72Error;
}

/** A hotkey of the settings, and what the chain has of it. */
export interface OurAxon extends OwnHotkeyFile {
  readonly uid: number | undefined;
  readonly axon: Announced | undefined;
  readonly prometheus: Announced | undefined;
}

type SetFlags = PasswordFlags & {
  readonly yes?: boolean;
  readonly 'dry-run'?: boolean;
  readonly wait?: boolean;
};

/** What commands about announced addresses share. */
export abstract class AxonCommand extends ChainCommand {
  /**
   * Runs `work` with the hotkeys of the settings, whose files are looked for before anything is connected to, and with
   * those whose address cannot be read.
   *
   * @throws as `loadPublicKey` when that is none of them
   */
  protected async withHotkeys<T>(
    work: (at: At, own: readonly OwnHotkeyFile[], missing: readonly MissingHotkey[]) => Promise<T>,
  ): Promise<T> {
    const loaded = await this.settings();
    const { own, missing } = await this.filesOf(loaded, minersInView(loaded));
    if (own.length === 0 && missing[0] !== undefined) throw missing[0].error;
    return await this.withChain(async (at) => await work(at, own, missing));
  }

  /**
   * As `withHotkeys`, for what changes something: of several miners that the settings list none is taken unasked.
   *
   * @throws ERR_USAGE when it is not said whether one or all are meant, ERR_NO_MINERS when all of none are,
   *   ERR_WALLET_NOT_FOUND when one of them cannot sign
   */
  protected async withChosenHotkeys<T>(
    { all, hotkey }: { readonly all: boolean; readonly hotkey?: readonly string[] | undefined },
    work: (at: At, own: readonly OwnHotkeyFile[]) => Promise<T>,
  ): Promise<T> {
    const loaded = await this.settings();
    const { miners } = loaded.settings;
    const view = minersInView(loaded);
    if (all && miners.length === 0) {
      throw new Sv72Error('ERR_NO_MINERS', 'The settings list no miners, so there is nothing for --all.');
    }
    if (view.listed && view.miners.length > 1 && !all && hotkey === undefined) {
      const names = miners.map((miner) => miner.hotkey).join(', ');
      throw new Sv72Error('ERR_USAGE', `The settings list ${miners.length} miners: ${names}.`, {
        next: 'Name those that are meant with --hotkey, or take --all.',
      });
    }
    const { own, missing } = await this.filesOf(loaded, view);
    const mute = own.filter(({ location }) => !existsSync(keyPaths(location).privateFile));
    refuseMissing([
      ...missing,
      ...mute.map(({ name, location }) => ({ name, error: noPrivateKey(location) })),
    ]);
    return await this.withChain(async (at) => await work(at, own));
  }

  private async filesOf({ settings }: Loaded, { miners }: MinersInView) {
    const root = await this.root();
    const own: OwnHotkeyFile[] = [];
    const missing: MissingHotkey[] = [];
    for (const miner of miners) {
      const { hotkey: name } = miner;
      const location = { root, wallet: settings.wallet.name, hotkey: name };
      const listed = settings.miners.some(({ hotkey }) => hotkey === name);
      try {
        own.push({ name, hotkey: loadPublicKey(location).ss58, location, miner, listed });
      } catch (error) {
        if (!(error instanceof Sv72Error)) throw error;
        missing.push({ name, error });
      }
    }
    return { own, missing };
  }

  /** The hotkeys and their announcements, of one block. */
  protected async ourAxons(
    { chain, netuid }: At,
    own: readonly OwnHotkeyFile[],
  ): Promise<{ view: ChainView; axons: OurAxon[] }> {
    const view = await readView(
      chain,
      netuid,
      own.map(({ hotkey }) => hotkey),
    );
    const axons = own.map((one) => {
      const standing = view.ours.find(({ hotkey }) => hotkey === one.hotkey);
      return { ...one, uid: standing?.uid, axon: standing?.axon, prometheus: standing?.prometheus };
    });
    return { view, axons };
  }

  /**
   * As `ourAxons`, for hotkeys that are to announce something: none does when one of them cannot.
   * @throws ERR_NOT_REGISTERED
   */
  protected async registeredAxons(at: At, own: readonly OwnHotkeyFile[]) {
    const { view, axons } = await this.ourAxons(at, own);
    const registered = axons.flatMap((one) => (one.uid === undefined ? [] : [{ ...one, uid: one.uid }]));
    const stranger = axons.find(({ uid }) => uid === undefined);
    if (stranger === undefined) return { view, axons: registered };
    throw new Sv72Error(
      'ERR_NOT_REGISTERED',
      `The hotkey ${stranger.name} (${stranger.hotkey}) has no UID on subnet ${at.netuid}.`,
    );
  }

  /** Makes one announcement: nothing when the chain has it, after the rate limit when that is waited for. */
  protected async announceOne(
    { chain, netuid }: At,
    view: ChainView,
    own: OurAxon & { readonly uid: number },
    announcement: Announcement,
    flags: SetFlags,
  ) {
    const address = placeText(placeOf(announcement));
    const base = {
      name: own.name,
      hotkey: own.hotkey,
      uid: own.uid,
      kind: announcement.kind,
      address,
      fee: taoJson(rao(0n)),
      block: null,
      hash: null,
    };
    const what = announcement.kind === 'axon' ? '' : ' (Prometheus)';
    const there = own[announcement.kind];
    const isReset = announcement.ip.ip === 0n;
    if (isReset && (there === undefined || there.ip === 0n)) {
      this.say(`"${own.name}" is not announced${what}; nothing was sent.`);
      return { ...base, result: 'unchanged' as const };
    }
    const decision = decide(announcement, there, { block: view.block, rateLimit: view.servingRateLimit });
    if (decision.kind === 'same') {
      this.say(`"${own.name}" is announced at ${address} already${what}; nothing was sent.`);
      return { ...base, result: 'unchanged' as const };
    }
    if (decision.kind === 'wait') await this.waitFor(chain, view, decision.blocks, flags.wait === true);
    const { call, args } = announcementCall(announcement, netuid);
    const composed = chain.compose('SubtensorModule', call, args);
    const { publicKey } = loadPublicKey(own.location);
    const fee = rao(await estimateFee(chain, composed, publicKey));
    this.say(
      `"${own.name}" (UID ${own.uid})${what}: ${there ? placeText(there) : 'nothing'} → ${isReset ? 'nothing' : address}, ${this.feeText(fee)}`,
    );
    if (flags['dry-run']) {
      const checked = await dryRun(chain, composed, { signer: await this.unlock(own.location, flags) });
      if (!checked.valid) {
        const { meaning, next, name, code } = checked.failure;
        const message = `The node would refuse it: ${meaning}`;
        throw new Sv72Error('ERR_NOT_VALID', message, { next, details: { name, code } });
      }
      this.say('Dry run: the node says the signed transaction is valid. Nothing was sent.');
      return { ...base, fee: taoJson(fee), result: 'valid' as const };
    }
    if (fee > 0n && !flags.yes) {
      const agreed = await this.ask.confirm({
        flag: '--yes',
        message: `Pay ${formatTao(fee)} from the hotkey?`,
      });
      if (!agreed) throw new Sv72Error('ERR_ABORTED', 'Nothing was sent.');
    }
    const done = await announce({
      chain,
      netuid,
      announcement,
      signer: await this.unlock(own.location, flags),
      mostFee: fee,
      onStatus: (status) => this.noteStatus(status),
    });
    this.say(`Announced in block ${done.block}.`);
    return {
      ...base,
      fee: taoJson(rao(done.fee)),
      result: 'announced' as const,
      block: done.block,
      hash: done.hash,
    };
  }

  /** @throws ERR_SERVING_RATE when nobody wants to wait */
  private async waitFor(chain: Chain, view: ChainView, blocks: number, wait: boolean): Promise<void> {
    if (!wait) {
      throw new Sv72Error(
        'ERR_SERVING_RATE',
        `It was announced a moment ago; the chain takes another announcement in ${blocksText(blocks, view.blockMs)}.`,
        { details: { blocks, ms: blocks * view.blockMs } },
      );
    }
    const until = view.block + blocks;
    this.note(`The chain takes another announcement in ${blocksText(blocks, view.blockMs)}.`);
    for await (const { number } of this.watching(chain, { ms: 0 })) {
      if (number >= until) return;
      const left = until - number;
      if (left % 10 === 0 || left < 5) this.note(`${blocksText(left, view.blockMs)} left`);
    }
    throw new Sv72Error('ERR_INTERRUPTED', 'Interrupted; nothing was sent.');
  }

  /** Hotkeys of the settings that could not be looked at, as JSON. */
  protected missingJson(missing: readonly MissingHotkey[]) {
    return missing.map(({ name, error }) => ({ name, reason: error.message, fix: error.next }));
  }

  /** An announcement as JSON; null when there is none, or it was taken back. */
  protected announcedJson(announced: Announced | undefined) {
    if (announced === undefined || announced.ip === RESET.ip.ip) return null;
    const { ip, ipType, port, block, version } = announced;
    return { address: placeText(announced), ip: decodeIp(ip, ipType) ?? null, port, block, version };
  }
}

function noPrivateKey(location: KeyLocation): Sv72Error {
  return new Sv72Error('ERR_WALLET_NOT_FOUND', `The private key of the ${keyName(location)} is not here.`);
}

/** @throws the error of the only one; ERR_WALLET_NOT_FOUND with the names of several */
function refuseMissing(missing: readonly MissingHotkey[]): void {
  const [first, ...others] = missing;
  if (first === undefined) return;
  const { code, message, next, details } = first.error;
  if (others.length === 0) throw new Sv72Error(code, `${message} Nothing was sent.`, { next, details });
  const names = missing.map(({ name }) => name).join(', ');
  throw new Sv72Error(
    'ERR_WALLET_NOT_FOUND',
    `The keys of ${missing.length} hotkeys cannot be used (${names}), so nothing was sent: ${message}`,
    { details: { hotkeys: missing.map(({ name }) => name) } },
  );
}
