import { blake2 } from '../hash.ts';
import type { ChainEvent, ChainState, Hex } from '../model.ts';
import type { RuntimeImage } from '../runtime-image.ts';
import { concat, fromHex, toHex, Writer } from '../scale/bytes.ts';

export interface Header {
  readonly parentHash: Hex;
  readonly number: number;
  readonly stateRoot: Hex;
  readonly extrinsicsRoot: Hex;
  /** Encoded digest items. */
  readonly logs: readonly Hex[];
}

export type Phase = { readonly ApplyExtrinsic: number } | 'Initialization' | 'Finalization';

export interface Block<W extends ChainState> {
  readonly hash: Hex;
  readonly header: Header;
  /** With their length prefix; the first is the timestamp's inherent. */
  readonly extrinsics: readonly Hex[];
  readonly events: readonly { readonly phase: Phase; readonly event: ChainEvent }[];
  /** State after the block; undefined once pruned. */
  state: W | undefined;
  /** The runtime whose code the state holds (a block that upgrades has the new one). */
  readonly image: RuntimeImage;
  /** The runtime that made the block: its events are written by this one. */
  readonly madeBy: RuntimeImage;
}

export function headerHash(header: Header): Hex {
  const writer = new Writer().put(fromHex(header.parentHash)).compact(header.number);
  writer.put(fromHex(header.stateRoot)).put(fromHex(header.extrinsicsRoot)).compact(header.logs.length);
  for (const log of header.logs) writer.put(fromHex(log));
  return toHex(blake2(writer.done()));
}

/** The header as JSON-RPC shows it. */
export function headerJson(header: Header) {
  const { parentHash, number, stateRoot, extrinsicsRoot, logs } = header;
  return { parentHash, number: `0x${number.toString(16)}`, stateRoot, extrinsicsRoot, digest: { logs } };
}

/** PreRuntime digest item of Aura: which slot the block was made in. */
export function auraLog(slot: bigint): Hex {
  const text = new TextEncoder().encode('aura');
  return toHex(new Writer().u8(6).put(text).compact(8).uint(slot, 8).done());
}

/** Not a trie root, but it differs whenever the content does. */
export function contentRoot(...parts: readonly Hex[]): Hex {
  return toHex(blake2(concat(...parts.map(fromHex))));
}
