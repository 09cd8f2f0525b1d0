import { type ChainSigner, durationText, type Verdict } from '../chain/index.ts';
import { Sv72Error } from '../errors/index.ts';
import type { Announced, Announcement } from './announcement.ts';
import { type ChainProcessOptions, runChainJob } from './chain-process.ts';
import { keepView, keptView } from './keep.ts';
import type { ChainAccess, Wish } from './messages.ts';
import { createPayWatch } from './pay-watch.ts';
import { createPermits, type PermitRules, type PermitVerdict } from './permits.ts';
import { createReminders, type Note, REMIND_MS } from './reminders.ts';
import { createUidWatch } from './uid-watch.ts';
import type { ChainView } from './view.ts';
import { createWishes, type Wanted, withAnnounced } from './wishes.ts';

type Signer = Pick<ChainSigner, 'sign' | 'cryptoType'>;

export interface PresenceOptions {
  readonly access: ChainAccess;
  readonly netuid: number;
  readonly hotkeys: readonly { readonly name: string; readonly ss58: string }[];
  readonly rules: PermitRules;
  /** Time between two looks at the chain, ms. */
  readonly refreshMs: number;
  /** Folder for the last list of members. */
  readonly folder: string;
  /** The key of a hotkey, asked for when something has to be signed with it. */
  readonly signerOf: (hotkey: string) => Promise<Signer>;
  readonly note: Note;
  readonly now?: () => number;
  /** Does a job with the chain; an argument for tests. */
  readonly run?: (options: ChainProcessOptions) => Promise<ChainView>;
}

/** One of our hotkeys, as the chain had it when it was last looked at. */
export interface HotkeyPresence {
  readonly hotkey: string;
  /** null: none; undefined: not known. */
  readonly uid: number | null | undefined;
  readonly announced: Announced | undefined;
}

export interface PresenceStatus {
  /** Block and Unix ms of the list of members in use; undefined: there is none. */
  readonly list: { readonly block: number; readonly readAt: number; readonly kept: boolean } | undefined;
  /** Members that may ask. */
  readonly validators: number;
  /** Looks that failed in a row, and all of them. */
  readonly failing: number;
  readonly failures: number;
  /** Whether the subnet pays its miners; undefined: not known yet. */
  readonly paying: Verdict | undefined;
  readonly hotkeys: readonly HotkeyPresence[];
}

/** A miner's standing on the chain, followed in the background. */
export interface Presence {
  /**
   * The first look. Where no endpoint answers, the list kept from an earlier run is used.
   * @throws what the look met, when there is no list that can still be believed
   */
  start(): Promise<void>;
  /** From now on the chain should have these. */
  announce(wanted: readonly { readonly hotkey: string; readonly announcement: Announcement }[]): void;
  /** Looks now. Resolves when that is over; never rejects. */
  refresh(): Promise<void>;
  verdict(hotkey: string): PermitVerdict;
  /** Stake of a member of the subnet, rao. */
  stakeOf(hotkey: string): bigint | undefined;
  status(): PresenceStatus;
  close(): void;
}

const FIRST_RETRY_MS = 15_000;
const LONGEST_RETRY_MS = 300_000;
/** What an announcement may take beyond the look, in blocks and ms. */
const ANNOUNCE = { blocks: 16, ms: 90_000 };

/** A wish, and the key that signs it: held for as long as the job takes. */
interface Signable {
  readonly wish: Wish;
  readonly signer: Signer;
}

export function createPresence(options: PresenceOptions): Presence {
  const { access, netuid, hotkeys, refreshMs, folder, note, now = Date.now, run = runChainJob } = options;
  const permits = createPermits(options.rules, now);
  const reminders = createReminders(note, now);
  const nameOf = (ss58: string) => hotkeys.find((hotkey) => hotkey.ss58 === ss58)?.name ?? ss58;
  const watch = createUidWatch({ netuid, nameOf, note, reminders });
  const wishes = createWishes({ nameOf, note, reminders });
  const pay = createPayWatch({ netuid, note, now });
  const closing = new AbortController();
  let list: PresenceStatus['list'];
  let view: ChainView | undefined;
  let failing = 0;
  let failures = 0;
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;

  const ask = (given: readonly Signable[]): Promise<ChainView> =>
    run({
      job: {
        ...access,
        netuid,
        hotkeys: hotkeys.map(({ ss58 }) => ss58),
        wishes: given.map(({ wish }) => wish),
        paying: given.length === 0 && pay.isDue(),
      },
      signers: new Map(given.map(({ wish, signer }) => [wish.hotkey, signer])),
      genesisHash: view?.genesisHash,
      onView: seen,
      onOutcome(wish, outcome) {
        if (outcome.kind === 'done' && view) view = withAnnounced(view, wish, outcome.block);
        wishes.told(wish, outcome);
      },
      timeoutMs:
        2 * access.timeoutMs +
        20_000 +
        given.length * (ANNOUNCE.blocks * (view?.blockMs ?? 12_000) + ANNOUNCE.ms),
      signal: closing.signal,
    });

  const seen = (fresh: ChainView) => {
    if (view !== undefined && view.genesisHash !== fresh.genesisHash) {
      throw new Sv72Error('ERR_CHAIN_GENESIS', `${fresh.endpoint} is another chain than before.`);
    }
    view = fresh;
    list = { block: fresh.block, readAt: fresh.readAt, kept: false };
    permits.replace(fresh.members, fresh.readAt);
    if (failing > 0) note('info', `The chain answers again: block ${fresh.block} of ${fresh.endpoint}.`);
    failing = 0;
    reminders.over('age');
    reminders.over('too old');
    for (const own of fresh.ours) watch.seen(own.hotkey, own.uid ?? null);
    if (fresh.paying) pay.seen(fresh.paying);
    if (permits.count > 0) reminders.over('nobody');
    else {
      const message = `No hotkey of subnet ${netuid} satisfies the settings for callers (permit, stake).`;
      reminders.say('nobody', 'warning', message);
    }
  };

  const look = async (): Promise<number> => {
    const fresh = await ask([]);
    await keepView(folder, fresh).catch((error: unknown) =>
      reminders.say('keep', 'warning', `The list of validators is not kept: ${textOf(error)}`),
    );
    return await fulfil();
  };

  /** Announces what is lacking. @returns ms until the next look */
  const fulfil = async (): Promise<number> => {
    if (view === undefined) return refreshMs;
    const { due, inMs } = wishes.lacking(view);
    const given = await signable(due);
    if (given.length > 0) await ask(given);
    return Math.max(1_000, Math.min(refreshMs, inMs));
  };

  const signable = async (due: readonly Wanted[]): Promise<Signable[]> => {
    const given: Signable[] = [];
    for (const wanted of due) {
      const about = `signer ${wanted.hotkey}`;
      try {
        const had = given.find(({ wish }) => wish.hotkey === wanted.hotkey)?.signer;
        const signer = had ?? (await options.signerOf(wanted.hotkey));
        given.push({ wish: { ...wanted, cryptoType: signer.cryptoType }, signer });
        reminders.over(about);
      } catch (error) {
        const message = `"${nameOf(wanted.hotkey)}" cannot be announced from here: ${textOf(error)} \`sv72 axon set\` does it where the key is.`;
        reminders.say(about, 'error', message);
      }
    }
    return given;
  };

  /** @returns ms until the next look */
  const failed = (error: unknown): number => {
    failing += 1;
    failures += 1;
    if (failing === 1) {
      const still = list === undefined ? '' : ` The list of validators of block ${list.block} stays in use.`;
      note('warning', `The chain could not be read: ${textOf(error)}${still}`);
    }
    if (list !== undefined) sayAge(now() - list.readAt);
    const wait = Math.min(FIRST_RETRY_MS, refreshMs) * 2 ** Math.min(failing - 1, 10);
    return Math.min(wait, Math.max(refreshMs, LONGEST_RETRY_MS));
  };

  const sayAge = (age: number) => {
    const left = options.rules.maxAgeMs - age;
    const old = `The list of validators is ${durationText(age)} old`;
    if (left < 0) {
      const message = `${old}, more than callers.max_age_h allows: NO VALIDATOR IS ANSWERED until the chain can be read.`;
      reminders.say('too old', 'error', message);
    } else if (age > REMIND_MS) {
      reminders.say('age', 'warning', `${old}; it is believed for another ${durationText(left)}.`);
    }
  };

  const schedule = (delayMs: number) => {
    clearTimeout(timer);
    if (closing.signal.aborted) return;
    // Many miners that one script started shall not ask in the same second.
    timer = setTimeout(() => void soon(look), delayMs * (0.9 + Math.random() * 0.2));
    timer.unref();
  };

  /** One thing with the chain at a time; whatever comes of it, there is a next look. */
  const soon = (work: () => Promise<number>): Promise<void> => {
    clearTimeout(timer);
    looking ??= work()
      .catch((error: unknown) => (closing.signal.aborted ? 0 : failed(error)))
      .then((delayMs) => {
        looking = undefined;
        schedule(delayMs);
      });
    return looking;
  };

  const useKept = async () => {
    const kept = await keptView(folder, { network: access.network, netuid }, now());
    if (kept === undefined || now() - kept.readAt > options.rules.maxAgeMs) return;
    list = { block: kept.block, readAt: kept.readAt, kept: true };
    permits.replace(kept.members, kept.readAt);
    const age = durationText(Math.max(0, now() - kept.readAt));
    note('warning', `The list of validators kept from block ${kept.block}, ${age} ago, is used.`);
    for (const { hotkey, uid } of kept.members) {
      if (hotkeys.some(({ ss58 }) => ss58 === hotkey)) watch.remembered(hotkey, uid);
    }
  };

  return {
    async start() {
      let met: unknown;
      await soon(async () => {
        try {
          return await look();
        } catch (error) {
          met = error;
          await useKept();
          return failed(error);
        }
      });
      if (list === undefined) throw met;
    },
    announce(wanted) {
      for (const one of wanted) wishes.add(one);
      if (view !== undefined) void soon(fulfil);
    },
    refresh: () => soon(look),
    verdict: (hotkey) => permits.verdict(hotkey),
    stakeOf: (hotkey) => permits.stakeOf(hotkey),
    status: () => ({
      list,
      validators: permits.count,
      failing,
      failures,
      paying: pay.verdict(),
      hotkeys: hotkeys.map(({ ss58 }) => ({
        hotkey: ss58,
        uid: watch.uidOf(ss58),
        announced: view?.ours.find(({ hotkey }) => hotkey === ss58)?.axon,
      })),
    }),
    close() {
      closing.abort();
      clearTimeout(timer);
    },
  };
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
