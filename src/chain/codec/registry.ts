import { Sv72Error } from '../../errors/index.ts';
import type { PlainInput } from '../types.ts';
import { array, composite, type Lazy, list, option, tuple, variant } from './composites.ts';
import { fromHex } from './hex.ts';
import { account, bits, boolean, byteList, compact, fixedBytes, integer, text } from './primitives.ts';
import type { Codec, Field, Metadata, TypeEntry } from './types.ts';

/** The types of one runtime, each made into a codec when it is first needed. */
export class Registry {
  readonly #lookup: Metadata['lookup'];
  readonly #codecs = new Map<number, Codec>();
  /** The type of a call of any pallet. */
  readonly callType: number;

  constructor(lookup: Metadata['lookup'], callType: number) {
    this.#lookup = lookup;
    this.callType = callType;
  }

  entry(id: number): TypeEntry {
    const found = this.#lookup[id];
    if (found?.id !== id) {
      throw new Sv72Error('ERR_CHAIN_METADATA', `The runtime’s description has no type ${id}.`);
    }
    return found;
  }

  codec(id: number): Codec {
    let codec = this.#codecs.get(id);
    if (codec === undefined) {
      codec = id === this.callType ? this.#call(id) : this.#make(this.entry(id));
      this.#codecs.set(id, codec);
    }
    return codec;
  }

  #lazy(id: number): Lazy {
    return () => this.codec(id);
  }

  #fields(fields: readonly Field[]) {
    return fields.map(({ name, type }) => ({ name, codec: this.#lazy(type) }));
  }

  /** A call within a call: composed bytes go in as they are. */
  #call(id: number): Codec {
    const generic = this.#make(this.entry(id));
    return {
      ...generic,
      write: (writer, value, path) => {
        const hex = composedHex(value);
        if (hex === undefined) generic.write(writer, value, path);
        else writer.raw(fromHex(hex));
      },
    };
  }

  #make(entry: TypeEntry): Codec {
    const { def, path } = entry;
    switch (def.tag) {
      case 'primitive':
        return primitive(def.value.tag);
      case 'compact':
        return this.#compact(def.value);
      case 'sequence':
        return this.#isByte(def.value) ? byteList : list(this.#lazy(def.value));
      case 'array':
        return this.#isByte(def.value.type)
          ? fixedBytes(def.value.len)
          : array(this.#lazy(def.value.type), def.value.len);
      case 'tuple':
        return tuple(def.value.map((id) => this.#lazy(id)));
      case 'bitSequence': {
        const store = this.entry(def.value.bitStoreType).def;
        const bytes = store.tag === 'primitive' ? Number(store.value.tag.slice(1)) / 8 : 1;
        return bits(bytes, this.entry(def.value.bitOrderType).path.at(-1) === 'Msb0');
      }
      case 'composite':
        return path.at(-1) === 'AccountId32' ? account : composite(this.#fields(def.value));
      case 'variant':
        return this.#variant(entry, def.value);
    }
  }

  #variant({ path }: TypeEntry, variants: Extract<TypeEntry['def'], { tag: 'variant' }>['value']): Codec {
    const some = variants.find(({ name }) => name === 'Some')?.fields[0];
    if (path.length === 1 && path[0] === 'Option' && some) return option(this.#lazy(some.type));
    const generic = variant(variants.map((one) => ({ ...one, fields: this.#fields(one.fields) })));
    if (path.at(-1) !== 'MultiAddress') return generic;
    return {
      ...generic,
      write: (writer, value, at) =>
        generic.write(writer, isBareAddress(value) ? { type: 'Id', value } : value, at),
    };
  }

  #compact(id: number): Codec {
    const { def } = this.entry(id);
    if (def.tag === 'primitive' && /^u\d+$/.test(def.value.tag)) {
      return compact(Number(def.value.tag.slice(1)) / 8);
    }
    // Compact of a struct around one integer, such as Perbill, or of ().
    const only =
      def.tag === 'composite' ? def.value[0]?.type : def.tag === 'tuple' ? def.value[0] : undefined;
    if (only !== undefined) {
      const name = def.tag === 'composite' ? def.value[0]?.name : undefined;
      return name === undefined
        ? this.#compact(only)
        : composite([{ name, codec: () => this.#compact(only) }]);
    }
    return tuple([]);
  }

  #isByte(id: number): boolean {
    const { def } = this.entry(id);
    return def.tag === 'primitive' && def.value.tag === 'u8';
  }
}

function composedHex(value: PlainInput): string | undefined {
  if (typeof value !== 'object' || value === null || !('hex' in value) || !('human' in value))
    return undefined;
  return typeof value.hex === 'string' ? value.hex : undefined;
}

function isBareAddress(value: PlainInput): boolean {
  return typeof value === 'string' || value instanceof Uint8Array;
}

function primitive(tag: string): Codec {
  switch (tag) {
    case 'bool':
      return boolean;
    case 'str':
      return text;
    case 'char':
      return integer(4, false);
    default:
      return integer(Number(tag.slice(1)) / 8, tag.startsWith('i'));
  }
}
