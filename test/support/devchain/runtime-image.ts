import { blake2, HASHERS, twox } from './hash.ts';
import type { EntryModel, MetadataModel } from './metadata/format.ts';
import { encodeMetadata, METADATA_VERSIONS, type MetadataVersion } from './metadata/older.ts';
import type { Features, Hex, Plain } from './model.ts';
import { concat, Reader, toHex } from './scale/bytes.ts';
import { Codec } from './scale/codec.ts';

/** `System.Version`: what the runtime calls itself. */
export type RuntimeVersion = {
  readonly spec_name: string;
  readonly impl_name: string;
  readonly authoring_version: number;
  readonly spec_version: number;
  readonly impl_version: number;
  /** Hash of each runtime API's name (8 bytes) with its version. */
  readonly apis: readonly (readonly [Hex, number])[];
  readonly transaction_version: number;
  readonly system_version: number;
};

export interface StorageItem {
  readonly pallet: string;
  readonly name: string;
  readonly prefix: Uint8Array;
  readonly entry: EntryModel;
  readonly value: number;
  /** Type and hasher of each key; none for a plain value. */
  readonly keys: readonly { readonly type: number; readonly hasher: (typeof HASHERS)[number] }[];
}

export interface ApiMethod {
  readonly api: string;
  readonly name: string;
  readonly inputs: readonly { readonly name: string; readonly type: number }[];
  readonly output: number;
}

/** One runtime: its metadata and everything that is looked up in it. Immutable, shared by all chains of a process. */
export class RuntimeImage {
  readonly metadata: MetadataModel;
  /** Versions of the metadata that this runtime can give. */
  readonly metadataVersions: readonly MetadataVersion[];
  readonly codec: Codec;
  readonly version: RuntimeVersion;
  readonly features: Features;
  /** By the first 32 bytes of their keys, as hex. */
  readonly #items = new Map<Hex, StorageItem>();
  readonly #byName = new Map<string, StorageItem>();
  readonly #apis = new Map<string, ApiMethod>();
  readonly #encoded = new Map<MetadataVersion, Hex>();
  readonly #constants = new Map<string, Plain>();

  constructor(metadata: MetadataModel, metadataVersions: readonly MetadataVersion[] = METADATA_VERSIONS) {
    this.metadata = metadata;
    this.metadataVersions = metadataVersions;
    this.codec = new Codec(metadata);
    for (const pallet of metadata.pallets) {
      for (const entry of pallet.storage?.entries ?? []) {
        const prefix = concat(twox(pallet.storage?.prefix ?? '', 128), twox(entry.name, 128));
        const item: StorageItem = {
          pallet: pallet.name,
          name: entry.name,
          prefix,
          entry,
          value: entry.type.kind === 'plain' ? entry.type.value : entry.type.value.value,
          keys: this.#keyTypes(entry),
        };
        this.#items.set(toHex(prefix), item);
        this.#byName.set(`${pallet.name}.${entry.name}`, item);
      }
    }
    for (const api of metadata.apis) {
      for (const method of api.methods)
        this.#apis.set(`${api.name}_${method.name}`, { ...method, api: api.name });
    }
    this.version = this.constant('System', 'Version') as RuntimeVersion;
    this.features = this.#features();
  }

  /** 0x hex of the metadata in one of its versions. */
  encoded(version: MetadataVersion): Hex {
    const known = this.#encoded.get(version);
    if (known !== undefined) return known;
    const made = toHex(encodeMetadata(this.metadata, version));
    this.#encoded.set(version, made);
    return made;
  }

  constant(pallet: string, name: string): Plain {
    const key = `${pallet}.${name}`;
    if (!this.#constants.has(key)) {
      const found = this.metadata.pallets
        .find((one) => one.name === pallet)
        ?.constants.find((one) => one.name === name);
      this.#constants.set(key, found && this.codec.decode(found.type, found.value));
    }
    return this.#constants.get(key);
  }

  apiMethod(name: string): ApiMethod | undefined {
    return this.#apis.get(name);
  }

  item(pallet: string, name: string): StorageItem | undefined {
    return this.#byName.get(`${pallet}.${name}`);
  }

  /** The item whose prefix (32 bytes) the key starts with. */
  itemOf(key: Uint8Array): StorageItem | undefined {
    return key.length < 32 ? undefined : this.#items.get(toHex(key.subarray(0, 32)));
  }

  /** All items whose keys may start with this prefix (any length). */
  itemsUnder(prefix: Uint8Array): StorageItem[] {
    const hex = toHex(prefix.subarray(0, 32));
    return [...this.#items].filter(([key]) => key.startsWith(hex)).map(([, item]) => item);
  }

  storageKey(item: StorageItem, keys: readonly Plain[]): Uint8Array {
    if (keys.length !== item.keys.length) throw new RangeError(`${item.name} has ${item.keys.length} keys`);
    return concat(
      item.prefix,
      ...item.keys.map(({ type, hasher }, index) => hasher.hash(this.codec.encode(type, keys[index]))),
    );
  }

  /** The map keys in a full storage key; undefined when the hash does not fit or cannot be reversed. */
  parseKey(item: StorageItem, key: Uint8Array): Plain[] | undefined {
    const reader = new Reader(key);
    reader.take(32);
    try {
      const keys = item.keys.map(({ type, hasher }) => {
        if (!hasher.keepsKey) throw new RangeError('not reversible');
        const start = reader.offset;
        reader.take(hasher.length);
        const value = this.codec.read(reader, type);
        const plain = key.subarray(start + hasher.length, reader.offset);
        if (toHex(hasher.hash(plain)) !== toHex(key.subarray(start, reader.offset)))
          throw new RangeError('hash does not fit');
        return value;
      });
      return reader.left === 0 ? keys : undefined;
    } catch {
      return undefined;
    }
  }

  #keyTypes(entry: EntryModel): StorageItem['keys'] {
    if (entry.type.kind === 'plain') return [];
    const { hashers, key } = entry.type.value;
    const definition = this.codec.types.get(key).definition;
    const types = hashers.length > 1 && definition.kind === 'tuple' ? definition.value : [key];
    return types.map((type, index) => ({
      type,
      hasher: HASHERS[hashers[index] as number] as (typeof HASHERS)[number],
    }));
  }

  #features(): Features {
    const { codec, metadata } = this;
    const names = (kind: 'calls' | 'events' | 'errors') =>
      new Set(
        metadata.pallets.flatMap((pallet) => {
          const definition = pallet[kind] && codec.types.get(pallet[kind].type).definition;
          return definition?.kind === 'variant'
            ? definition.value.map((one) => `${pallet.name}.${one.name}`)
            : [];
        }),
      );
    const [calls, events, errors] = [names('calls'), names('events'), names('errors')];
    return {
      specVersion: this.version.spec_version,
      call: (pallet, name) => calls.has(`${pallet}.${name}`),
      event: (pallet, name) => events.has(`${pallet}.${name}`),
      error: (pallet, name) => errors.has(`${pallet}.${name}`),
      storage: (pallet, name) => this.item(pallet, name) !== undefined,
      constant: (pallet, name) => this.constant(pallet, name),
    };
  }
}

/** Hash of a runtime API's name as it stands in the version. */
export function apiId(name: string): Hex {
  return toHex(blake2(new TextEncoder().encode(name), 64));
}
