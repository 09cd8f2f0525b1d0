import type { AxonEvent } from '../axon/index.ts';
import type { RefusedEvent } from './events.ts';

type Refused = Extract<AxonEvent, { type: 'refused' }>;

export interface RefusalLogOptions {
  /** Name of a hotkey in the wallet, by its address. */
  readonly nameOf: (miner: string) => string;
  readonly report: (event: RefusedEvent) => void;
  /** Shortest time between two reports of one kind, ms. */
  readonly everyMs?: number;
  readonly now?: () => number;
}

/**
 * Reports the first refusal of a kind at once and those that follow as a number every few seconds, so that junk cannot
 * flood the log however fast it comes. Kinds are a fixed list, so memory is bounded.
 */
export function createRefusalLog(options: RefusalLogOptions) {
  const now = options.now ?? Date.now;
  const everyMs = options.everyMs ?? 10_000;
  const kinds = new Map<string, { reportedAt: number; waiting: number; last: Refused }>();

  const report = (kind: { reportedAt: number; waiting: number; last: Refused }) => {
    const { last, waiting } = kind;
    kind.reportedAt = now();
    kind.waiting = 0;
    options.report({
      event: 'refused',
      at: now(),
      miner: last.axon,
      name: options.nameOf(last.axon),
      reason: last.reason,
      count: waiting,
      example: {
        address: last.address,
        route: shortened(last.route),
        claimedHotkey: last.claimedHotkey === null ? null : shortened(last.claimedHotkey),
        message: shortened(last.message),
      },
    });
  };
  const flush = () => {
    for (const [name, kind] of kinds) {
      if (now() - kind.reportedAt < everyMs) continue;
      if (kind.waiting > 0) report(kind);
      else kinds.delete(name);
    }
  };
  const timer = setInterval(flush, everyMs);
  timer.unref();

  return {
    add(refused: Refused) {
      const name = `${refused.axon} ${refused.reason}`;
      const known = kinds.get(name);
      if (known === undefined) {
        const kind = { reportedAt: 0, waiting: 1, last: refused };
        kinds.set(name, kind);
        report(kind);
      } else {
        known.waiting += 1;
        known.last = refused;
      }
    },
    /** Reports what waits, and stops. */
    close() {
      clearInterval(timer);
      for (const kind of kinds.values()) if (kind.waiting > 0) report(kind);
      kinds.clear();
    },
  };
}

/** Control characters in what a stranger sends must not reach a terminal. */
function shortened(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}]/gu, '?');
  return plain.length > 200 ? `${plain.slice(0, 197)}…` : plain;
}
