import type { BlockId, Call, ChainEvent, ChainFailure } from '../types.ts';

export interface RehearseOptions {
  /** Executed in this order, each in a block of its own, until one fails. */
  readonly calls: readonly Call[];
  /** Whose signature it would be. Only the public half: the fork takes a mock signature. */
  readonly signer: { readonly ss58: string; readonly publicKey: Uint8Array };
  /** Accounts (SS58) whose free balance is compared; default the signer's. */
  readonly accounts?: readonly string[];
  /** Where chopsticks is installed, see `rehearsalFolder`. */
  readonly folder: string;
  /** Folder of the chain's metadata, as given to `connectChain`. */
  readonly cacheDir?: string | null;
  /** Longest wait for the whole, ms; default 20 minutes. */
  readonly timeoutMs?: number;
  readonly onProgress?: (progress: RehearsalProgress) => void;
  readonly signal?: AbortSignal;
}

export type RehearsalProgress =
  /** Chopsticks is loaded and gets the runtime. */
  | { readonly kind: 'forking'; readonly block: BlockId }
  /** A call is executed; `index` counts from 0. */
  | { readonly kind: 'executing'; readonly index: number }
  /** Questions about the state that the endpoint has answered so far. */
  | { readonly kind: 'fetched'; readonly answers: number };

/** A registration that an event tells of. */
export interface RehearsedSeat {
  readonly netuid: number;
  readonly uid: number;
  readonly hotkey: string;
}

export interface RehearsedCall {
  readonly call: Call;
  /** In rao; undefined where the call was refused before it came into a block. */
  readonly fee: bigint | undefined;
  readonly events: readonly ChainEvent[];
  readonly seats: readonly RehearsedSeat[];
  /** Why the chain said no; undefined: it succeeded, calls within it too. */
  readonly failure:
    | (Pick<ChainFailure, 'channel' | 'name' | 'next'> & { readonly meaning: string })
    | undefined;
}

export interface RehearsedBalance {
  readonly ss58: string;
  /** Free balance in rao. */
  readonly before: bigint;
  readonly after: bigint;
}

/** What the chain would have done. */
export interface Rehearsal {
  /** The real chain's block on which the fork stood. */
  readonly block: BlockId;
  /** One for each call that was tried; the last may have failed. */
  readonly calls: readonly RehearsedCall[];
  readonly balances: readonly RehearsedBalance[];
}
