import type { ErrorCode, ErrorDetails } from '../errors/index.ts';
import type { Done } from './announce.ts';
import type { Announcement } from './announcement.ts';
import type { ChainView } from './view.ts';

/** An announcement that one of our hotkeys should have on chain. */
export interface Wish {
  readonly hotkey: string;
  readonly cryptoType: 'sr25519' | 'ed25519';
  readonly announcement: Announcement;
}

/** How the chain is connected to. */
export interface ChainAccess {
  readonly network: string;
  /** Undefined: the network's own. */
  readonly fallbacks: readonly string[] | undefined;
  readonly timeoutMs: number;
  readonly cacheDir: string;
}

/** What one process of ours does with the chain before it ends. */
export interface ChainJob extends ChainAccess {
  readonly netuid: number;
  readonly hotkeys: readonly string[];
  /** Announced where the chain has something else and its rate limit allows. */
  readonly wishes: readonly Wish[];
  /** Whether to judge if the subnet pays, too. */
  readonly paying: boolean;
}

export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly next: string;
  readonly details: ErrorDetails;
}

/** What became of a wish. */
export type WishOutcome =
  | { readonly kind: 'same' }
  | { readonly kind: 'wait'; readonly blocks: number }
  | ({ readonly kind: 'done' } & Done)
  | { readonly kind: 'failed'; readonly failure: Failure };

export type ToChild =
  | { readonly type: 'job'; readonly job: ChainJob }
  | { readonly type: 'signature'; readonly id: number; readonly signature: Uint8Array }
  | { readonly type: 'unsigned'; readonly id: number; readonly reason: string };

export type FromChild =
  | { readonly type: 'view'; readonly view: ChainView }
  /** The hotkey of this wish is to sign these bytes. */
  | { readonly type: 'sign'; readonly id: number; readonly wish: number; readonly payload: Uint8Array }
  | { readonly type: 'outcome'; readonly wish: number; readonly outcome: WishOutcome }
  | { readonly type: 'end' }
  | { readonly type: 'failed'; readonly failure: Failure };

/** Whether a message is one of ours; both ends run the same version, so its type tells the rest. */
export function isMessage<M extends { readonly type: string }>(
  value: unknown,
  types: readonly M['type'][],
): value is M {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    types.some((type) => type === value.type)
  );
}
