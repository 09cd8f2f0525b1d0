import type { ChainState, Hex, Plain, ProjectionTable } from '../model.ts';
import { wellKnown } from '../runtime-code.ts';
import type { StorageItem } from '../runtime-image.ts';
import { fromHex, toHex } from '../scale/bytes.ts';
import type { Block } from './block.ts';
import { systemItems } from './system-items.ts';

/** Raw storage of a block: keys and values as a node has them, computed from the world. */
export class Storage<W extends ChainState> {
  readonly #projections: ProjectionTable<W>;
  readonly #system = systemItems<W>();
  readonly #hashOf: (block: Block<W>, number: number) => Hex | undefined;

  constructor(projections: ProjectionTable<W>, hashOf: (block: Block<W>, number: number) => Hex | undefined) {
    this.#projections = projections;
    this.#hashOf = hashOf;
  }

  /** The encoded value under a full key; undefined where nothing is stored. */
  read(block: Block<W>, state: W, key: Hex): Hex | undefined {
    const bytes = fromHex(key);
    const item = block.image.itemOf(bytes);
    if (item === undefined) return wellKnown(block.image, key);
    const keys = block.image.parseKey(item, bytes);
    if (keys === undefined) return undefined;
    const value = this.value(block, state, item, keys);
    if (value === undefined) return undefined;
    const { codec } = item.name === 'Events' ? block.madeBy : block.image;
    return toHex(codec.encode(item.value, value));
  }

  value(block: Block<W>, state: W, item: StorageItem, keys: readonly Plain[]): Plain {
    const name = `${item.pallet}.${item.name}`;
    const system = this.#system[name];
    if (system !== undefined) return system.get(block, state, keys, (number) => this.#hashOf(block, number));
    return this.#projections[name]?.get(state, keys, block.image.features);
  }

  /** All existing keys under a prefix, in the order of a trie: by bytes. */
  keys(block: Block<W>, state: W, prefix: Hex): Hex[] {
    const found: Hex[] = [];
    for (const item of block.image.itemsUnder(fromHex(prefix))) {
      for (const keys of this.#keysOf(block, state, item)) {
        const key = toHex(block.image.storageKey(item, keys));
        if (key.startsWith(prefix) && this.value(block, state, item, keys) !== undefined) found.push(key);
      }
    }
    return found.sort();
  }

  #keysOf(block: Block<W>, state: W, item: StorageItem): Iterable<readonly Plain[]> {
    if (item.keys.length === 0) return [[]];
    const name = `${item.pallet}.${item.name}`;
    return (
      this.#system[name]?.keys?.(state) ?? this.#projections[name]?.keys?.(state, block.image.features) ?? []
    );
  }
}
