import type { Chain } from '../chain/chain.ts';
import type { Spelling } from '../chain/validity.ts';
import type { ChainState } from '../model.ts';
import type { Misbehaviour } from './misbehaviour.ts';

/** One connection's subscriptions, and what its methods can reach. */
export class Session<W extends ChainState> {
  readonly chain: Chain<W>;
  readonly misbehaviour: Misbehaviour;
  readonly spelling: Spelling;
  readonly afterSubmission: () => void;
  readonly #send: (message: object) => void;
  readonly #subscriptions = new Map<string, () => void>();
  #last = 0;

  constructor(options: {
    readonly chain: Chain<W>;
    readonly misbehaviour: Misbehaviour;
    readonly spelling: Spelling;
    readonly afterSubmission: () => void;
    readonly send: (message: object) => void;
  }) {
    this.chain = options.chain;
    this.misbehaviour = options.misbehaviour;
    this.spelling = options.spelling;
    this.afterSubmission = options.afterSubmission;
    this.#send = options.send;
  }

  /**
   * Opens a subscription. What `start` sends follows the answer with the id, as a node's does.
   * @param method name in the notifications, e.g. `chain_newHead`
   */
  subscribe(method: string, start: (send: (result: unknown) => void) => () => void): string {
    const subscription = `${Date.now().toString(36)}${++this.#last}`;
    let queue: unknown[] | undefined = [];
    const notify = (result: unknown) =>
      this.#send({ jsonrpc: '2.0', method, params: { subscription, result } });
    const stop = start((result) => {
      if (queue === undefined) notify(result);
      else queue.push(result);
    });
    this.#subscriptions.set(subscription, stop);
    setImmediate(() => {
      for (const result of queue ?? []) notify(result);
      queue = undefined;
    });
    return subscription;
  }

  unsubscribe(id: unknown): boolean {
    const stop = this.#subscriptions.get(String(id));
    stop?.();
    return this.#subscriptions.delete(String(id));
  }

  close(): void {
    for (const stop of this.#subscriptions.values()) stop();
    this.#subscriptions.clear();
  }
}

type Params = readonly unknown[];
type Method<W extends ChainState> = (session: Session<W>, params: Params) => unknown;
export type Methods<W extends ChainState> = Readonly<Record<string, Method<W>>>;
