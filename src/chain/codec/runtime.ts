import { decAnyMetadata, unifyMetadata } from '@polkadot-api/substrate-bindings';
import { Sv72Error } from '../../errors/index.ts';
import type { Call, DecodedCall, Features, Hex, Plain, PlainInput } from '../types.ts';
import { fromHex, toHex } from './hex.ts';
import { humanCall } from './human.ts';
import { Reader } from './reader.ts';
import { Registry } from './registry.ts';
import { type Hasher, hashKey, keyPlace, storagePrefix } from './storage-key.ts';
import type { Metadata } from './types.ts';
import { written } from './writer.ts';

/** Version of a runtime, as state_getRuntimeVersion tells it. */
export interface RuntimeVersion {
  readonly specName: string;
  readonly spec: number;
  readonly transaction: number;
}

/** One storage item with its keys filled in (or the first of them), ready to be asked for. */
export interface StorageQuery {
  readonly key: Hex;
  /** @param stored undefined where nothing is stored */
  decode(stored: Hex | undefined): Plain;
  /** The keys that a full storage key holds. */
  decodeKeys(key: Hex): readonly Plain[];
}

export interface Extension {
  readonly identifier: string;
  readonly type: number;
  readonly implicit: number;
}

type Pallet = Metadata['pallets'][number];

/** One runtime of a chain: what its metadata says, as functions from names to bytes and back. */
export class Runtime {
  readonly version: RuntimeVersion;
  readonly types: Registry;
  readonly has: Features;
  /** Signed extensions in the order of the bytes. */
  readonly extensions: readonly Extension[];
  readonly addressType: number;
  readonly signatureType: number;
  readonly #pallets: ReadonlyMap<string, Pallet>;
  readonly #apis: ReadonlyMap<string, Metadata['apis'][number]>;

  /** @throws ERR_CHAIN_METADATA */
  constructor(metadata: Uint8Array, version: RuntimeVersion) {
    const unified = parse(metadata);
    const outer = outerTypes(unified);
    this.version = version;
    this.types = new Registry(unified.lookup, outer.call);
    this.addressType = outer.address;
    this.signatureType = outer.signature;
    this.extensions = extensionsOf(unified);
    this.#pallets = new Map(unified.pallets.map((pallet) => [pallet.name, pallet]));
    this.#apis = new Map(unified.apis.map((api) => [api.name, api]));
    this.has = {
      pallet: (pallet) => this.#pallets.has(pallet),
      call: (pallet, call) => this.#variant(pallet, 'calls', call) !== undefined,
      callArgument: (pallet, call, argument) =>
        this.#variant(pallet, 'calls', call)?.fields.some(({ name }) => name === argument) ?? false,
      storage: (pallet, item) => this.#item(pallet, item) !== undefined,
      constant: (pallet, name) => this.#constant(pallet, name) !== undefined,
      runtimeApi: (api, method) => this.#method(api, method) !== undefined,
      error: (pallet, name) => this.#variant(pallet, 'errors', name) !== undefined,
      event: (pallet, name) => this.#variant(pallet, 'events', name) !== undefined,
    };
  }

  /** @throws ERR_CHAIN_MISSING, ERR_CHAIN_ARGUMENT */
  storage(pallet: string, item: string, keys: readonly PlainInput[]): StorageQuery {
    const found = this.#item(pallet, item) ?? this.#missing(`the storage item ${pallet}.${item}`);
    const prefix = this.#pallets.get(pallet)?.storage?.prefix ?? pallet;
    const { hashers, keyTypes, valueType } = this.#shape(found.type);
    const path = `${pallet}.${item}`;
    if (keys.length > hashers.length) {
      throw new Sv72Error('ERR_CHAIN_ARGUMENT', `${path} has ${hashers.length} keys, not ${keys.length}.`);
    }
    const parts = keys.map((key, index) => {
      const codec = this.types.codec(keyTypes[index] ?? 0);
      const encoded = written((writer) => codec.write(writer, key, `${path}(key ${index + 1})`));
      return hashKey(hashers[index] ?? 'Identity', encoded);
    });
    const start = storagePrefix(prefix, item);
    return {
      key: toHex(new Uint8Array(Buffer.concat([start, ...parts]))),
      decode: (stored) => {
        if (stored === undefined && found.modifier === 0) return undefined;
        return this.decode(valueType, fromHex(stored ?? found.fallback), path);
      },
      decodeKeys: (key) => {
        const reader = new Reader(fromHex(key).subarray(start.length));
        return guarded(path, () =>
          hashers.map((hasher, index) => {
            const { skip, kept } = keyPlace(hasher);
            reader.take(skip);
            return kept ? this.types.codec(keyTypes[index] ?? 0).read(reader) : undefined;
          }),
        );
      },
    };
  }

  /** Arguments and answer of a runtime API's method. @throws ERR_CHAIN_MISSING, ERR_CHAIN_ARGUMENT */
  api(api: string, method: string, args: readonly PlainInput[]) {
    const found = this.#method(api, method) ?? this.#missing(`the runtime API ${api}.${method}`);
    const path = `${api}.${method}`;
    if (args.length !== found.inputs.length) {
      throw new Sv72Error(
        'ERR_CHAIN_ARGUMENT',
        `${path} takes ${found.inputs.length} arguments, not ${args.length}.`,
      );
    }
    const encoded = written((writer) =>
      found.inputs.forEach(({ name, type }, index) => {
        this.types.codec(type).write(writer, args[index], `${path}(${name})`);
      }),
    );
    return {
      name: `${api}_${method}`,
      args: toHex(encoded),
      decode: (answer: Hex) => this.decode(found.output, fromHex(answer), path),
    };
  }

  /** The answer of a runtime API whose arguments were put together by hand. @throws ERR_CHAIN_MISSING, ERR_CHAIN_SHAPE */
  decodeApi(api: string, method: string, answer: Uint8Array): Plain {
    const found = this.#method(api, method) ?? this.#missing(`the runtime API ${api}.${method}`);
    return this.decode(found.output, answer, `${api}.${method}`);
  }

  /** @throws ERR_CHAIN_MISSING */
  constant(pallet: string, name: string): Plain {
    const found = this.#constant(pallet, name) ?? this.#missing(`the constant ${pallet}.${name}`);
    return this.decode(found.type, fromHex(found.value), `${pallet}.${name}`);
  }

  /** @throws ERR_CHAIN_MISSING, ERR_CHAIN_ARGUMENT */
  compose(pallet: string, name: string, args: Readonly<Record<string, PlainInput>>): Call {
    const variant = this.#variant(pallet, 'calls', name) ?? this.#missing(`the call ${pallet}.${name}`);
    const value = { type: pallet, value: { type: variant.name, value: args } };
    const codec = this.types.codec(this.types.callType);
    const bytes = written((writer) => codec.write(writer, value, pallet));
    const decoded = this.decodeCall(toHex(bytes));
    return {
      pallet,
      name,
      args,
      hex: toHex(bytes),
      human: decoded?.human ?? `${pallet}.${name}`,
      spec: this.version.spec,
    };
  }

  decodeCall(bytes: Hex): DecodedCall | undefined {
    try {
      return humanCall(this.decode(this.types.callType, fromHex(bytes), 'call'));
    } catch {
      return undefined;
    }
  }

  /** A module error's name by the pallet's index in the metadata and the error's own. */
  moduleError(palletIndex: number, errorIndex: number) {
    const pallet = [...this.#pallets.values()].find(({ index }) => index === palletIndex);
    const variants = pallet && this.#variants(pallet, 'errors');
    const found = variants?.find(({ index }) => index === errorIndex);
    return pallet && found
      ? { pallet: pallet.name, name: found.name, docs: found.docs.join(' ') }
      : undefined;
  }

  /** Names of an event's fields; undefined for those without. */
  eventFields(pallet: string, name: string): readonly (string | undefined)[] {
    return this.#variant(pallet, 'events', name)?.fields.map((field) => field.name) ?? [];
  }

  /** Reads a whole value of a type. @throws ERR_CHAIN_SHAPE */
  decode(type: number, bytes: Uint8Array, what: string): Plain {
    return guarded(what, () => {
      const reader = new Reader(bytes);
      const value = this.types.codec(type).read(reader);
      if (reader.left > 0) throw new RangeError(`${reader.left} bytes too many`);
      return value;
    });
  }

  encode(type: number, value: PlainInput, what: string): Uint8Array {
    return written((writer) => this.types.codec(type).write(writer, value, what));
  }

  #missing(what: string): never {
    const { specName, spec } = this.version;
    throw new Sv72Error(
      'ERR_CHAIN_MISSING',
      `The chain’s runtime (${specName} ${spec}) does not have ${what}.`,
      {
        details: { spec, missing: what },
      },
    );
  }

  #item(pallet: string, item: string) {
    return this.#pallets.get(pallet)?.storage?.items.find(({ name }) => name === item);
  }

  #constant(pallet: string, name: string) {
    return this.#pallets.get(pallet)?.constants.find((constant) => constant.name === name);
  }

  #method(api: string, method: string) {
    return this.#apis.get(api)?.methods.find(({ name }) => name === method);
  }

  #variants(pallet: Pallet, kind: 'calls' | 'events' | 'errors') {
    const type = pallet[kind]?.type;
    if (type === undefined) return undefined;
    const { def } = this.types.entry(type);
    return def.tag === 'variant' ? def.value : undefined;
  }

  #variant(pallet: string, kind: 'calls' | 'events' | 'errors', name: string) {
    const found = this.#pallets.get(pallet);
    return found && this.#variants(found, kind)?.find((variant) => variant.name === name);
  }

  #shape(type: NonNullable<Pallet['storage']>['items'][number]['type']): {
    readonly hashers: readonly Hasher[];
    readonly keyTypes: readonly number[];
    readonly valueType: number;
  } {
    if (type.tag === 'plain') return { hashers: [], keyTypes: [], valueType: type.value };
    const { hashers, key, value } = type.value;
    const { def } = this.types.entry(key);
    const keyTypes = hashers.length === 1 ? [key] : def.tag === 'tuple' ? def.value : [];
    return { hashers: hashers.map(({ tag }) => tag), keyTypes, valueType: value };
  }
}

function parse(metadata: Uint8Array): Metadata {
  try {
    return unifyMetadata(decAnyMetadata(metadata));
  } catch (error) {
    throw new Sv72Error('ERR_CHAIN_METADATA', 'The chain’s description of its runtime cannot be read.', {
      cause: error,
    });
  }
}

function guarded<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Sv72Error) throw error;
    throw new Sv72Error('ERR_CHAIN_SHAPE', `The chain answered ${what} in an unknown form.`, {
      details: { what },
      cause: error,
    });
  }
}

/** Types of a call, an address and a signature. Metadata 14 has them as parameters of the extrinsic's type. */
function outerTypes(metadata: Metadata): { call: number; address: number; signature: number } {
  const { extrinsic } = metadata;
  if (!('type' in extrinsic)) {
    const { call, address, signature } = extrinsic;
    return { call, address, signature };
  }
  const params = metadata.lookup[extrinsic.type]?.params ?? [];
  const of = (name: string) => params.find((param) => param.name === name)?.type ?? -1;
  return { call: of('Call'), address: of('Address'), signature: of('Signature') };
}

function extensionsOf({ extrinsic }: Metadata): Extension[] {
  const lists = extrinsic.extensionsByVersion;
  const list = lists[0] ?? Object.values(lists)[0] ?? [];
  return list.map(({ identifier, type, additionalSigned }) => ({
    identifier,
    type,
    implicit: additionalSigned,
  }));
}
