import { type Rao, rao } from '../../amount/index.ts';
import { Sv72Error } from '../../errors/index.ts';
import { readUid } from '../state/pruning.ts';
import type { ChainSigner } from '../types.ts';
import { unregistered } from './bills.ts';
import { type Journal, type JournalEntry, openJournal } from './journal/index.ts';
import { type Preparation, type PrepareOptions, prepareRegistration, proxyUse } from './prepare.ts';
import {
  coldkeyOf,
  type RegisterContext,
  type Registered,
  type RegisterNews,
  type RegisterRequest,
  type Target,
} from './request.ts';
import { registeredBy, type Submit, sendRegistration } from './send.ts';
import { type LookUp, settle } from './settle.ts';
import { waitForPrice } from './wait.ts';
import { type PowOptions, sendWithWork } from './work.ts';

/** How the story talks to a chain beyond reading. */
interface Transactions extends Pick<PrepareOptions, 'estimateFee'> {
  readonly submit: Submit;
  readonly outcomeOf: LookUp;
}

export interface RegisterOptions extends RegisterContext {
  readonly request: RegisterRequest;
  readonly transactions: Transactions;
  /** Folder of the journal. */
  readonly folder: string;
  /** Shows the bill and gets the agreement; throws when there is none. Not called when there is nothing to do. */
  readonly agree: (preparation: Preparation) => Promise<{ readonly ceiling: Rao }>;
  /** Opens the key that signs, after the agreement. */
  readonly unlock: () => Promise<ChainSigner>;
  /** A ceiling that is known before the bill: an earlier registration within it is sent again, in case it never was. */
  readonly ceiling?: Rao | undefined;
  /** Waits for this price before each registration. */
  readonly wait?: { readonly target: Rao; readonly timeoutMs: number } | undefined;
  readonly pow: PowOptions;
  /** As `prepareRegistration` takes it. */
  readonly archive?: PrepareOptions['archive'];
}

/**
 * Registers hotkeys one after the other: finds out what became of earlier attempts, makes the bill, gets the agreement, and sends.
 * Stops at the first surprise; calling it again goes on with those that are left.
 * @returns all hotkeys of the request, in its order
 * @throws as `prepareRegistration`, `settle`, `waitForPrice` and `sendRegistration`; `details.registered` names what is done
 */
export async function registerHotkeys(options: RegisterOptions): Promise<readonly Registered[]> {
  const { signal, onNews } = options;
  let underWay = false;
  const telling = (news: RegisterNews) => {
    if (news.kind === 'signed') underWay = true;
    if (news.kind === 'registered') underWay = false;
    onNews(news);
  };
  const interrupted = new Promise<never>((_, reject) => {
    const stop = () => {
      // What was signed has to be followed until it is known that it may still happen; everything before ends at once.
      if (!underWay) reject(new Sv72Error('ERR_INTERRUPTED', 'Interrupted; nothing is under way.'));
    };
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
  });
  return await Promise.race([registerAll({ ...options, onNews: telling }), interrupted]);
}

async function registerAll(options: RegisterOptions): Promise<readonly Registered[]> {
  const { chain, request, folder } = options;
  const { genesisHash } = chain.identity;
  const done = new Map<string, Registered>();
  const journals = new Map<string, Journal>();
  try {
    for (const { ss58 } of request.hotkeys) {
      journals.set(ss58, openJournal({ folder, genesisHash, netuid: request.netuid, hotkey: ss58 }));
    }
    for (const target of request.hotkeys) await settleEarlier(options, target, journals, done);
    if (done.size < request.hotkeys.length) await registerRest(options, journals, done);
    return request.hotkeys.flatMap(({ ss58 }) => done.get(ss58) ?? []);
  } catch (error) {
    throw withProgress(error, request, done);
  } finally {
    for (const journal of journals.values()) journal.close();
  }
}

async function registerRest(
  options: RegisterOptions,
  journals: ReadonlyMap<string, Journal>,
  done: Map<string, Registered>,
): Promise<void> {
  const { chain, request, transactions, wait, archive } = options;
  const waitFor = wait?.target;
  const preparation = await prepareRegistration(chain, request, { ...transactions, waitFor, archive });
  const { survey } = preparation;
  for (const { target, uid } of survey.hotkeys) {
    if (uid !== undefined && !done.has(target.ss58)) {
      finish(options, done, { hotkey: target, uid, receipt: undefined });
    }
  }
  const wanted = unregistered(survey);
  if (wanted.length === 0) return;
  const coldkey = coldkeyOf(request);
  if (coldkey === undefined) throw new Sv72Error('ERR_USAGE', 'It is not known who pays.');
  const { ceiling } = await options.agree(preparation);
  const signer = await options.unlock();
  for (const { target } of wanted) {
    const journal = journals.get(target.ss58);
    if (journal === undefined) continue;
    const { submit } = transactions;
    const proxy = proxyUse(request, survey);
    const common = { target, proxy, coldkey, signer, journal, submit };
    const registered = await unlessAlready(options, target, async () => {
      if (request.way === 'pow') {
        return await sendWithWork(options, { ...common, netuid: request.netuid, pow: options.pow });
      }
      if (wait !== undefined) await waitForPrice(options, { netuid: request.netuid, ...wait });
      const what = { way: 'burn', netuid: request.netuid, hotkey: target.ss58, ceiling } as const;
      return await sendRegistration(options, { ...common, wanted: what });
    });
    finish(options, done, registered);
  }
}

/** Somebody may have registered the same hotkey since the survey, perhaps we ourselves on another machine. */
async function unlessAlready(
  { chain, request }: RegisterOptions,
  target: Target,
  send: () => Promise<Registered>,
): Promise<Registered> {
  const before = await readUid(chain, request.netuid, target.ss58);
  if (before !== undefined) return { hotkey: target, uid: before, receipt: undefined };
  try {
    return await send();
  } catch (error) {
    if (error instanceof Sv72Error && error.details.name === 'HotKeyAlreadyRegisteredInSubNet') {
      const uid = await readUid(chain, request.netuid, target.ss58);
      if (uid !== undefined) return { hotkey: target, uid, receipt: undefined };
    }
    throw error;
  }
}

/** What an earlier run signed is looked up first; nothing else is signed before that is certain. */
async function settleEarlier(
  options: RegisterOptions,
  target: Target,
  journals: ReadonlyMap<string, Journal>,
  done: Map<string, Registered>,
): Promise<void> {
  const { chain, request, transactions } = options;
  const journal = journals.get(target.ss58);
  const entry = journal?.read();
  if (journal === undefined || entry === undefined) return;
  const settled = await settle(options, target, entry, {
    ...transactions,
    ceiling: options.ceiling,
    note: journal.path,
  });
  // Long ago, it may have been pushed out since: then it is not registered, and is to be.
  const uid = settled.kind === 'succeeded' ? await readUid(chain, request.netuid, target.ss58) : undefined;
  const registered =
    uid === undefined || settled.kind !== 'succeeded'
      ? undefined
      : await registeredBy(
          chain,
          target,
          { uid, coldkey: entry.coldkey, ceiling: ceilingOf(entry) },
          settled,
        );
  journal.clear();
  if (registered !== undefined) finish(options, done, registered);
}

function ceilingOf({ ceiling }: JournalEntry): Rao | undefined {
  return ceiling === undefined ? undefined : rao(ceiling);
}

function finish({ onNews }: RegisterOptions, done: Map<string, Registered>, registered: Registered): void {
  done.set(registered.hotkey.ss58, registered);
  onNews({ kind: 'registered', registered });
}

/** The failure, with what was done before it: a run of several does not lose sight of those that are paid. */
function withProgress(
  error: unknown,
  request: RegisterRequest,
  done: ReadonlyMap<string, Registered>,
): unknown {
  if (!(error instanceof Sv72Error) || request.hotkeys.length < 2) return error;
  const registered = [...done.values()].map(({ hotkey, uid }) => `${hotkey.ss58} UID ${uid}`);
  const left = request.hotkeys.filter(({ ss58 }) => !done.has(ss58)).map(({ ss58 }) => ss58);
  const { code, message, next, details, cause } = error;
  return new Sv72Error(code, message, { next, details: { ...details, registered, left }, cause });
}
