import type { Rao } from '../../amount/index.ts';
import type { Chain, Hex, SubmitStatus } from '../types.ts';
import type { JournalEntry, Way } from './journal/index.ts';

/** A hotkey to be registered. */
export interface Target {
  readonly ss58: string;
  /** Name in the wallet; absent for a key that is elsewhere. */
  readonly name?: string;
}

/** The public side of the key that signs. */
export interface SignerAccount {
  readonly ss58: string;
  readonly publicKey: Uint8Array;
}

export interface RegisterRequest {
  readonly netuid: number;
  readonly hotkeys: readonly Target[];
  /** Key that signs: the coldkey, or the proxy of `real`. Undefined when only the call is wanted. */
  readonly signer: SignerAccount | undefined;
  /** Account for which the signer registers as its proxy: it pays the price and owns the hotkeys. */
  readonly real: string | undefined;
  readonly way: Way;
}

/** The account that pays the price and will own the hotkeys, as far as it is known. */
export function coldkeyOf({ real, signer }: RegisterRequest): string | undefined {
  return real ?? signer?.ss58;
}

/** One registration that is done. */
export interface Registered {
  readonly hotkey: Target;
  readonly uid: number;
  /** Undefined when it was registered before this run. */
  readonly receipt: Receipt | undefined;
}

/** What one registration of this run took. */
export interface Receipt {
  readonly block: number;
  readonly blockHash: Hex;
  readonly extrinsic: Hex;
  readonly extrinsicIndex: number;
  /** What left the free balance of the paying account in that block without the fee, in rao; undefined when it could not be read. */
  readonly charged: bigint | undefined;
  /** rao */
  readonly fee: bigint;
  /** The ceiling that it was signed with, in this run or an earlier one; undefined with proof of work. */
  readonly ceiling: Rao | undefined;
}

/** What goes on while a registration is made. */
export type RegisterNews =
  | { readonly kind: 'unsettled'; readonly hotkey: Target; readonly entry: JournalEntry }
  | {
      /** The endpoint has not come to the block that the noted registration was signed upon. */
      readonly kind: 'behind';
      readonly hotkey: Target;
      /** File of the note. */
      readonly note: string;
      readonly birth: number;
      readonly block: number;
    }
  | {
      /** One more block has come, and what became of the noted registration is not certain yet. */
      readonly kind: 'waiting';
      readonly hotkey: Target;
      readonly block: number;
      /** Until it can come into none any more; 0 while only finality is missing. */
      readonly blocksLeft: number;
      readonly msLeft: number;
    }
  | {
      readonly kind: 'settled';
      readonly hotkey: Target;
      readonly what: 'succeeded' | 'failed' | 'never-happened' | 'over';
    }
  | {
      readonly kind: 'price';
      readonly block: number;
      readonly price: Rao;
      readonly target: Rao;
    }
  | {
      readonly kind: 'mining';
      readonly hotkey: Target;
      readonly block: number;
      readonly difficulty: bigint;
      readonly tried: bigint;
      /** Tries a second; 0 at the start. */
      readonly rate: number;
    }
  | { readonly kind: 'signed'; readonly hotkey: Target; readonly extrinsic: Hex; readonly death: number }
  | { readonly kind: 'submitted'; readonly hotkey: Target; readonly status: SubmitStatus }
  | { readonly kind: 'registered'; readonly registered: Registered };

/** What every step of a registration works with. */
export interface RegisterContext {
  readonly chain: Chain;
  readonly onNews: (news: RegisterNews) => void;
  readonly signal: AbortSignal;
  /** Unix milliseconds. */
  readonly now: () => number;
}
