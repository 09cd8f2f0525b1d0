import { onTestFinished } from 'vitest';
import { type Axon, type AxonEvent, type AxonOptions, createAxon } from '../../../src/axon/index.ts';
import { M, V } from './keys.ts';

/** A clock that stands still until it is moved. */
class TestClock {
  nowNs: bigint;

  constructor(nowNs: bigint) {
    this.nowNs = nowNs;
  }

  /** Time that has passed beside the real one, in ms. */
  passedMs = 0;

  readonly wallNs = () => this.nowNs;
  readonly monotonicMs = () => performance.now() + this.passedMs;

  advance(seconds: number): void {
    this.nowNs += BigInt(Math.round(seconds * 1e9));
  }
}

const MINUTE_NS = 60_000_000_000n;

/** Nonce of the captured request; tests live one second after it. */
export const CAPTURED_NONCE = 1_795_206_201_788_287_538n;

export interface Running {
  readonly axon: Axon;
  readonly port: number;
  readonly clock: TestClock;
  readonly events: AxonEvent[];
  /** Images that the answer function was asked about. */
  readonly images: Uint8Array[];
  /** Resolves with the next event of that type, from now on. */
  next<T extends AxonEvent['type']>(type: T): Promise<Extract<AxonEvent, { type: T }>>;
}

/** A listening axon of M that allows V and answers 0.73, made ten minutes before its clock's now. */
export async function startAxon(options: Partial<AxonOptions> & { host?: string } = {}): Promise<Running> {
  const nowNs = CAPTURED_NONCE + 1_000_000_000n;
  const clock = new TestClock(nowNs - 10n * MINUTE_NS);
  const events: AxonEvent[] = [];
  const images: Uint8Array[] = [];
  const waiting: ((event: AxonEvent) => boolean)[] = [];
  const axon = createAxon({
    hotkey: M.ss58,
    callerPolicy: (hotkey) =>
      hotkey === V.ss58 ? { allow: true, stake: 1_000n } : { allow: false, reason: 'Not a validator' },
    answer: async (_request, image) => {
      images.push(image);
      return { prediction: 0.73 };
    },
    clock,
    observer: (event) => {
      events.push(event);
      for (let i = waiting.length - 1; i >= 0; i--) if (waiting[i]?.(event)) waiting.splice(i, 1);
    },
    ...options,
  });
  clock.nowNs = nowNs;
  clock.passedMs = Number(10n * MINUTE_NS) / 1e6;
  const { port } = await axon.listen({ host: options.host ?? '127.0.0.1', port: 0 });
  onTestFinished(() => axon.close());
  return {
    axon,
    port,
    clock,
    events,
    images,
    next: (type) => {
      const { promise, resolve } = Promise.withResolvers<Extract<AxonEvent, { type: typeof type }>>();
      waiting.push((event) => {
        if (!isOfType(event, type)) return false;
        resolve(event);
        return true;
      });
      return promise;
    },
  };
}

function isOfType<T extends AxonEvent['type']>(
  event: AxonEvent,
  type: T,
): event is Extract<AxonEvent, { type: T }> {
  return event.type === type;
}
