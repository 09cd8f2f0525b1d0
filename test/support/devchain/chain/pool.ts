import type { Hex } from '../model.ts';
import type { Extrinsic } from './extrinsic.ts';
import type { Refusal, Validity, ValidTransaction } from './validity.ts';

/** What a watcher of an extrinsic is told, as JSON-RPC has it. */
export type Status =
  | 'future'
  | 'ready'
  | 'dropped'
  | 'invalid'
  | { readonly broadcast: readonly string[] }
  | { readonly inBlock: Hex }
  | { readonly retracted: Hex }
  | { readonly finalized: Hex }
  | { readonly usurped: Hex };

export interface Entry {
  readonly extrinsic: Extrinsic;
  valid: ValidTransaction;
  /** Block after which its era is over. */
  readonly validUntil: bigint;
  ready: boolean;
}

export type PoolRefusal =
  | { readonly kind: 'validity'; readonly refusal: Refusal }
  | { readonly kind: 'banned' }
  | { readonly kind: 'imported'; readonly hash: Hex }
  | { readonly kind: 'priority'; readonly old: bigint; readonly new: bigint };

/** Extrinsics that wait for a block: ready ones and, with a gap before their nonce, future ones. */
export class Pool {
  readonly #entries = new Map<Hex, Entry>();
  /** Hashes that were in a block or became invalid: a node refuses them for half an hour. */
  readonly #banned = new Set<Hex>();
  readonly #watchers = new Map<Hex, Set<(status: Status) => void>>();

  watch(hash: Hex, watcher: (status: Status) => void): () => void {
    const all = this.#watchers.get(hash) ?? new Set();
    all.add(watcher);
    this.#watchers.set(hash, all);
    return () => all.delete(watcher);
  }

  tell(hash: Hex, status: Status): void {
    for (const watcher of [...(this.#watchers.get(hash) ?? [])]) watcher(status);
  }

  /** Refusals that need no look at the state. */
  known(hash: Hex): PoolRefusal | undefined {
    if (this.#banned.has(hash)) return { kind: 'banned' };
    if (this.#entries.has(hash)) return { kind: 'imported', hash };
    return undefined;
  }

  add(extrinsic: Extrinsic, valid: ValidTransaction, block: number): PoolRefusal | undefined {
    const rival = [...this.#entries.values()].find((entry) =>
      entry.valid.provides.some((tag) => valid.provides.includes(tag)),
    );
    if (rival !== undefined && rival.valid.priority >= valid.priority)
      return { kind: 'priority', old: rival.valid.priority, new: valid.priority };
    if (rival !== undefined) {
      this.#entries.delete(rival.extrinsic.hash);
      this.tell(rival.extrinsic.hash, { usurped: extrinsic.hash });
    }
    const entry: Entry = {
      extrinsic,
      valid,
      validUntil: BigInt(block) + valid.longevity,
      ready: false,
    };
    this.#entries.set(extrinsic.hash, entry);
    this.#promote();
    if (!entry.ready) this.tell(extrinsic.hash, 'future');
    return undefined;
  }

  /** Ready ones, each signer's in order of nonce, better paid signers first. */
  ready(): Extrinsic[] {
    return [...this.#entries.values()]
      .filter((entry) => entry.ready)
      .sort((a, b) => {
        const nonces = (a.extrinsic.signed?.nonce ?? 0) - (b.extrinsic.signed?.nonce ?? 0);
        if (a.extrinsic.signed?.signer === b.extrinsic.signed?.signer) return nonces;
        return Number(b.valid.priority - a.valid.priority);
      })
      .map((entry) => entry.extrinsic);
  }

  all(): Extrinsic[] {
    return [...this.#entries.values()].map((entry) => entry.extrinsic);
  }

  /** Nonces that this signer's waiting extrinsics take, ready or not. */
  readyNonces(signer: Hex): number[] {
    return [...this.#entries.values()]
      .filter((entry) => entry.ready && entry.extrinsic.signed?.signer === signer)
      .map((entry) => entry.extrinsic.signed?.nonce ?? 0);
  }

  included(hash: Hex, block: Hex): void {
    this.#entries.delete(hash);
    this.#banned.add(hash);
    this.tell(hash, { inBlock: block });
  }

  /** A block with it was thrown away: it may come again. */
  retracted(hash: Hex, block: Hex): void {
    this.#banned.delete(hash);
    this.tell(hash, { retracted: block });
  }

  remove(hash: Hex, status?: 'dropped' | 'invalid'): void {
    if (!this.#entries.delete(hash)) return;
    if (status === undefined) return;
    this.#banned.add(hash);
    this.tell(hash, status);
  }

  /** Looks at every waiting extrinsic again after a block. */
  revalidate(block: number, check: (extrinsic: Extrinsic) => Validity): void {
    for (const entry of [...this.#entries.values()]) {
      const { valid } = check(entry.extrinsic);
      if (valid === undefined || entry.validUntil < BigInt(block))
        this.remove(entry.extrinsic.hash, 'invalid');
      else entry.valid = valid;
    }
    this.#promote();
  }

  #promote(): void {
    const provided = new Set(
      [...this.#entries.values()].filter((entry) => entry.ready).flatMap((entry) => entry.valid.provides),
    );
    for (let changed = true; changed; ) {
      changed = false;
      for (const entry of this.#entries.values()) {
        if (entry.ready || !entry.valid.requires.every((tag) => provided.has(tag))) continue;
        entry.ready = true;
        changed = true;
        for (const tag of entry.valid.provides) provided.add(tag);
        this.tell(entry.extrinsic.hash, 'ready');
      }
    }
  }
}
