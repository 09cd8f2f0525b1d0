import { FairQueue } from './fair-queue.ts';
import { KeyCache } from './keys.ts';
import { Lru } from './lru.ts';
import { Reputation } from './reputation.ts';

/** One signature to check. */
interface Check {
  readonly scheme: 'sr25519' | 'ed25519';
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  /** 64 bytes. */
  readonly signature: Uint8Array;
  /** Also accept a signature over `<Bytes>message</Bytes>`, as wallets in browsers make them. */
  readonly allowWrapped: boolean;
  /** Of a caller that is known by name (rao): such callers get tables from their first check on. */
  readonly stake?: bigint | undefined;
  readonly source: CheckSource;
}

/** Where a check comes from: decides its turn, never its result. */
export interface CheckSource {
  readonly address: string;
  /** One client program: hotkey and dendrite id. */
  readonly session: string;
  readonly connection: ConnectionRecord;
}

/** Signature checks of one connection so far. */
export interface ConnectionRecord {
  valid: number;
  invalid: number;
  closed: boolean;
}

/** busy: too many checks wait; gone: the connection closed while waiting. */
type CheckResult = 'valid' | 'invalid' | 'busy' | 'gone';

export interface VerifierOptions {
  /** How long checks may hold the event loop at a stretch (ms). Default 4. */
  readonly sliceMs?: number;
  /** The share of time that sources with failed checks, or none so far, may have. Default 0.5. */
  readonly strangerShare?: number;
  readonly maxWaiting?: number;
  readonly maxWaitingPerAddress?: number;
  /** Callers known by name whose tables are kept, 25 kB each. Default 128, those with most stake. */
  readonly listedTables?: number;
  /** Other signers whose tables are kept. Default 64. */
  readonly tables?: number;
  readonly now?: () => number;
}

export interface VerifierStats {
  readonly waiting: number;
  readonly valid: number;
  readonly invalid: number;
  /** Identical to a check that failed before: refused without doing it again. */
  readonly repeated: number;
  readonly busy: number;
}

export interface Verifier {
  check(check: Check): Promise<CheckResult>;
  stats(): VerifierStats;
}

interface Job {
  readonly check: Check;
  readonly resolve: (result: CheckResult) => void;
}

/** Turns, best first. */
const RANKS = 5;
/** From this rank on, checks share `strangerShare` of the time. */
const STRANGERS = 3;
/** Connections whose checks failed: they get what is left of the strangers' share. */
const LIARS = 4;
/** So much of the share (ms) is kept for strangers who have done nothing wrong yet. */
const RESERVE_MS = 10;
/** Recent failures after which a session or an address that authenticated once is no better than a stranger. */
const SUSPICIOUS = 5;

/**
 * Checks signatures on the event loop in short slices (a check takes 0.04 ms for a known signer, less than handing it
 * to another thread and back would add), fair between addresses. Connections that authenticated go first, then
 * sessions and addresses that did, then strangers, then those whose checks failed: hotkeys are public, so anybody can
 * send requests in a validator's name, and those must not be in its way.
 */
export function createVerifier(options: VerifierOptions = {}): Verifier {
  const now = options.now ?? (() => performance.now());
  const sliceMs = options.sliceMs ?? 4;
  const maxWaiting = options.maxWaiting ?? 2_048;
  const maxWaitingPerAddress = options.maxWaitingPerAddress ?? 256;
  const keys = new KeyCache({ listed: options.listedTables ?? 128, proved: options.tables ?? 64 });
  const queues = Array.from({ length: RANKS }, () => new FairQueue<Job>());
  const perAddress = new Map<string, number>();
  const addresses = new Reputation(16_384, now);
  const sessions = new Reputation(4_096, now);
  const failed = new Lru<string, true>(4_096);
  const budget = timeShare(options.strangerShare ?? 0.5, now);
  const counts = { valid: 0, invalid: 0, repeated: 0, busy: 0 };
  let waiting = 0;
  let soon = false;
  let pause: NodeJS.Timeout | undefined;
  let streak = 0;

  function rankOf({ address, session, connection }: CheckSource): number {
    if (connection.invalid > 0) return LIARS;
    if (connection.valid > 0) return 0;
    const here = `${address} ${session}`;
    if (sessions.authenticated(here) && sessions.failures(here) < SUSPICIOUS) return 1;
    return addresses.authenticated(address) && addresses.failures(address) < SUSPICIOUS ? 2 : 3;
  }

  /** Best rank first; now and then the worst, so that nobody waits for ever. */
  function take(): Job | undefined {
    const left = budget.left();
    const reachable = queues.slice(0, left > RESERVE_MS ? RANKS : left > 0 ? LIARS : STRANGERS);
    streak += 1;
    const fromTheEnd = streak % 8 === 0;
    const queue = fromTheEnd ? reachable.findLast((q) => q.length > 0) : reachable.find((q) => q.length > 0);
    return queue?.shift();
  }

  /** The next slice comes at once, or when strangers may have their turn; who is better than they shortens that wait. */
  function schedule(): void {
    if (soon || waiting === 0) return;
    clearTimeout(pause);
    const best = queues.findIndex((queue) => queue.length > 0);
    const pauseMs = best < STRANGERS ? 0 : budget.msUntil(best < LIARS ? 0 : RESERVE_MS);
    soon = pauseMs === 0;
    if (soon) setImmediate(slice);
    else pause = setTimeout(slice, pauseMs);
  }

  function slice(): void {
    soon = false;
    const end = now() + sliceMs;
    do {
      const job = take();
      if (job === undefined) break;
      job.resolve(conclude(job.check));
    } while (now() < end);
    schedule();
  }

  function conclude(check: Check): CheckResult {
    const { source } = check;
    waiting -= 1;
    const left = (perAddress.get(source.address) ?? 1) - 1;
    if (left === 0) perAddress.delete(source.address);
    else perAddress.set(source.address, left);
    if (source.connection.closed) return 'gone';

    const name = nameOf(check);
    if (failed.has(name)) {
      counts.repeated += 1;
      note(source, false);
      return 'invalid';
    }
    const stranger = rankOf(source) >= STRANGERS;
    const started = now();
    const valid = isValid(check);
    if (stranger) budget.spend(now() - started);
    note(source, valid);
    counts[valid ? 'valid' : 'invalid'] += 1;
    if (!valid) failed.set(name, true);
    else if (check.scheme === 'sr25519' && !keys.hasTable(check.publicKey)) {
      setImmediate(() => keys.prepare(check.publicKey));
    }
    return valid ? 'valid' : 'invalid';
  }

  function isValid({ scheme, publicKey, message, signature, allowWrapped, stake }: Check): boolean {
    if (scheme === 'ed25519') return keys.verifyEd25519(publicKey, message, signature);
    const messages = allowWrapped ? [message, wrapped(message)] : [message];
    return keys.verifySr25519(publicKey, messages, signature, stake);
  }

  function note(source: CheckSource, valid: boolean): void {
    if (valid) source.connection.valid += 1;
    else source.connection.invalid += 1;
    addresses.note(source.address, valid);
    // Only sessions that once authenticated are worth remembering: ids are free to invent.
    const here = `${source.address} ${source.session}`;
    if (valid || sessions.authenticated(here)) sessions.note(here, valid);
  }

  return {
    check(check) {
      const { address } = check.source;
      const sameAddress = perAddress.get(address) ?? 0;
      if (waiting >= maxWaiting || sameAddress >= maxWaitingPerAddress) {
        counts.busy += 1;
        return Promise.resolve('busy');
      }
      waiting += 1;
      perAddress.set(address, sameAddress + 1);
      const { promise, resolve } = Promise.withResolvers<CheckResult>();
      queues[rankOf(check.source)]?.push(address, { check, resolve });
      schedule();
      return promise;
    },
    stats: () => ({ waiting, ...counts }),
  };
}

function nameOf(check: Check): string {
  const signature = Buffer.from(check.signature).toString('base64');
  return `${signature} ${Buffer.from(check.publicKey).toString('base64')} ${Buffer.from(check.message).toString('latin1')}`;
}

function wrapped(message: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from('<Bytes>'), message, Buffer.from('</Bytes>')]);
}

/** Lets work have a share of the time: what it spends must be waited for before it goes on. */
function timeShare(share: number, now: () => number) {
  const burstMs = 20;
  let saved = burstMs;
  let at = now();
  const refill = () => {
    const time = now();
    saved = Math.min(burstMs, saved + (time - at) * share);
    at = time;
    return saved;
  };
  return {
    left: refill,
    spend(ms: number) {
      saved = Math.max(-burstMs, refill() - ms);
    },
    /** How long to wait until more than this is left. */
    msUntil: (ms: number) => (refill() > ms ? 0 : Math.ceil((ms + 0.5 - saved) / share)),
  };
}
