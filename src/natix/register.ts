import { setTimeout as delay } from 'node:timers/promises';
import { Sv72Error } from '../errors/index.ts';
import type { Keypair } from '../wallet/index.ts';
import { registrationPayload } from './registration.ts';
import type { NatixServer } from './server.ts';
import type { NatixState, NatixStatus } from './status.ts';

export interface NatixRegistration {
  readonly state: NatixState;
  /** Whether this run sent a registration; false when an earlier one was found. */
  readonly sent: boolean;
  /** What the server said to it. */
  readonly detail: string | null;
  /** Why it failed. */
  readonly error: string | null;
}

export interface NatixRegisterOptions {
  readonly server: NatixServer;
  readonly uid: number;
  readonly hotkey: Pick<Keypair, 'ss58' | 'sign'>;
  /** `user/name` on Hugging Face. */
  readonly modelRepo: string;
  /** How long to wait for an end, in ms; real users waited days, so this is only for the quick case. */
  readonly waitMs?: number;
  /** Between two looks, in ms (default 3,000 as the official script has it). */
  readonly pollMs?: number;
  readonly onStatus?: (status: NatixStatus) => void;
  /** Unix milliseconds. */
  readonly now?: () => number;
  readonly signal?: AbortSignal;
}

/**
 * Registers a miner with NATIX, or takes up an earlier registration: one that succeeded or is pending is not sent again.
 * @returns `pending` when the time is over before the server is done; calling again goes on waiting
 * @throws ERR_NATIX_REFUSED, ERR_NATIX_UNREACHABLE, ERR_INTERRUPTED
 */
export async function registerWithNatix(options: NatixRegisterOptions): Promise<NatixRegistration> {
  const { server, uid, hotkey, modelRepo, now = Date.now } = options;
  const own = (status: NatixStatus | undefined) =>
    status?.hotkey === undefined || status.hotkey === hotkey.ss58 ? status : undefined;

  const before = own(await server.status(uid));
  if (before?.state === 'succeeded' && before.hotkey !== undefined) {
    return { state: 'succeeded', sent: false, detail: null, error: null };
  }
  const sent = before?.state !== 'pending' || before.word === '';
  const detail = sent
    ? await server.register(registrationPayload({ uid, hotkey, modelRepo, nowSeconds: now() / 1_000 }))
    : null;

  const deadline = now() + (options.waitMs ?? 0);
  for (;;) {
    const status = own(await server.status(uid));
    if (status) options.onStatus?.(status);
    const state = status?.state ?? 'pending';
    if (state !== 'pending' || now() >= deadline) {
      return { state, sent, detail, error: state === 'failed' ? (status?.error ?? null) : null };
    }
    await pause(Math.min(options.pollMs ?? 3_000, Math.max(0, deadline - now())), options.signal);
  }
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await delay(ms, undefined, { ...(signal && { signal }) });
  } catch (cause) {
    throw new Sv72Error('ERR_INTERRUPTED', 'Interrupted; the NATIX server goes on with the registration.', {
      cause,
    });
  }
}
