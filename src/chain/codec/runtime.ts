import type { ApiPromise } from '@polkadot/api';
import type { QueryableStorageEntry } from '@polkadot/api/types';
import { Sv72Error } from '../../errors/index.ts';
import type { Call, DecodedCall, Features, Hex, Plain, PlainInput } from '../types.ts';
import { engineOf, type RuntimeVersion } from './engine.ts';
import { fromHex, toHex } from './hex.ts';
import { humanCall } from './human.ts';
import { stringCamelCase as camelCase } from './library.ts';
import { fieldsIn, type TypeId, toPlain } from './read.ts';
import { fieldsGiven, toGiven } from './write.ts';

export type { RuntimeVersion } from './engine.ts';

/** One storage item with its keys filled in (or the first of them), ready to be asked for. */
export interface StorageQuery {
  readonly key: Hex;
  /** @param stored undefined where nothing is stored */
  decode(stored: Hex | undefined): Plain;
  /** The keys that a full storage key holds. */
  decodeKeys(key: Hex): readonly Plain[];
}

/** The runtime of a version, read from its metadata. @throws ERR_CHAIN_METADATA */
export async function runtimeOf(
  metadata: Uint8Array,
  version: RuntimeVersion,
  genesis: Hex,
): Promise<Runtime> {
  return new Runtime(await engineOf(metadata, version, genesis), version);
}

type Pallet = ApiPromise['runtimeMetadata']['asLatest']['pallets'][number];
type Method = ApiPromise['runtimeMetadata']['asLatest']['apis'][number]['methods'][number];
type Variants = ReturnType<ApiPromise['registry']['lookup']['getSiType']>['def']['asVariant']['variants'];
type StorageEntry = QueryableStorageEntry<'promise'>;

/** One runtime of a chain: what its metadata says, as functions from the metadata's own names to bytes and back. */
export class Runtime {
  readonly version: RuntimeVersion;
  /** The library's side, for what signs and hashes. */
  readonly engine: ApiPromise;
  readonly has: Features;
  readonly #pallets: ReadonlyMap<string, Pallet>;
  readonly #methods: ReadonlyMap<string, Method>;

  constructor(engine: ApiPromise, version: RuntimeVersion) {
    this.engine = engine;
    this.version = version;
    const { pallets, apis } = engine.runtimeMetadata.asLatest;
    this.#pallets = new Map(pallets.map((pallet) => [pallet.name.toString(), pallet]));
    this.#methods = new Map(
      apis.flatMap(({ name, methods }) =>
        methods.map((method) => [`${name}.${method.name}`, method] as const),
      ),
    );
    this.has = {
      pallet: (pallet) => this.#pallets.has(pallet),
      call: (pallet, call) => this.#variant(pallet, 'calls', call) !== undefined,
      callArgument: (pallet, call, argument) =>
        fieldsIn(this.#variant(pallet, 'calls', call)?.fields ?? []).some(({ name }) => name === argument),
      storage: (pallet, item) => this.#item(pallet, item) !== undefined,
      constant: (pallet, name) => this.#constant(pallet, name) !== undefined,
      runtimeApi: (api, method) => this.#methods.has(`${api}.${method}`),
      error: (pallet, name) => this.#variant(pallet, 'errors', name) !== undefined,
      event: (pallet, name) => this.#variant(pallet, 'events', name) !== undefined,
    };
  }

  /** @throws ERR_CHAIN_MISSING, ERR_CHAIN_ARGUMENT */
  storage(pallet: string, item: string, keys: readonly PlainInput[]): StorageQuery {
    const path = `${pallet}.${item}`;
    const entry = this.#item(pallet, item) ?? this.#missing(`the storage item ${path}`);
    const { meta } = entry.creator;
    const { type } = meta;
    const hashers = type.isMap ? type.asMap.hashers.map((hasher) => hasher.type) : [];
    const keyTypes = type.isPlain
      ? []
      : hashers.length === 1
        ? [type.asMap.key]
        : this.#tuple(type.asMap.key);
    const valueType = type.isPlain ? type.asPlain : type.asMap.value;
    if (keys.length > hashers.length) {
      throw new Sv72Error('ERR_CHAIN_ARGUMENT', `${path} has ${hashers.length} keys, not ${keys.length}.`);
    }
    const given = keys.map((key, index) => this.#given(key, keyTypes[index], `${path}(key ${index + 1})`));
    return {
      key: (keys.length === hashers.length ? entry.key(...given) : entry.keyPrefix(...given)) as Hex,
      decode: (stored) => {
        if (stored === undefined && meta.modifier.isOptional) return undefined;
        return this.#decode(valueType, fromHex(stored ?? meta.fallback.toHex()), path);
      },
      decodeKeys: (key) =>
        guarded(path, () => {
          const { args } = this.engine.registry.createType('StorageKey', key).setMeta(meta);
          return args.map((arg, index) => {
            const id = keyTypes[index];
            const kept = KEPT.has(hashers[index] ?? '');
            return kept && id !== undefined ? toPlain(this.#lookup, arg, id) : undefined;
          });
        }),
    };
  }

  /** Arguments and answer of a runtime API's method. @throws ERR_CHAIN_MISSING, ERR_CHAIN_ARGUMENT */
  api(api: string, method: string, args: readonly PlainInput[]) {
    const path = `${api}.${method}`;
    const { inputs } = this.#methods.get(path) ?? this.#missing(`the runtime API ${path}`);
    if (args.length !== inputs.length) {
      throw new Sv72Error(
        'ERR_CHAIN_ARGUMENT',
        `${path} takes ${inputs.length} arguments, not ${args.length}.`,
      );
    }
    const encoded = inputs.map(({ name, type }, index) =>
      this.#encode(type, args[index], `${path}(${name})`),
    );
    return {
      name: `${api}_${method}`,
      args: toHex(new Uint8Array(Buffer.concat(encoded))),
      decode: (answer: Hex) => this.decodeApi(api, method, fromHex(answer)),
    };
  }

  /** @throws ERR_CHAIN_MISSING */
  decodeApi(api: string, method: string, answer: Uint8Array): Plain {
    const path = `${api}.${method}`;
    const { output } = this.#methods.get(path) ?? this.#missing(`the runtime API ${path}`);
    return this.#decode(output, answer, path);
  }

  /** @throws ERR_CHAIN_MISSING */
  constant(pallet: string, name: string): Plain {
    const found = this.#constant(pallet, name) ?? this.#missing(`the constant ${pallet}.${name}`);
    return this.#decode(found.type, found.value.toU8a(true), `${pallet}.${name}`);
  }

  /** @throws ERR_CHAIN_MISSING, ERR_CHAIN_ARGUMENT */
  compose(pallet: string, name: string, args: Readonly<Record<string, PlainInput>>): Call {
    const path = `${pallet}.${name}`;
    const variant = this.#variant(pallet, 'calls', name);
    const create = this.engine.tx[camelCase(pallet)]?.[camelCase(name)];
    if (variant === undefined || create === undefined) return this.#missing(`the call ${path}`);
    const given = fieldsGiven(this.#lookup, args, fieldsIn(variant.fields), path);
    const hex: Hex = create(...given).method.toHex();
    return { pallet, name, args, hex, human: this.decodeCall(hex)?.human ?? path, spec: this.version.spec };
  }

  decodeCall(bytes: Hex): DecodedCall | undefined {
    try {
      const call = this.engine.registry.createType('Call', bytes);
      if (call.toHex() !== bytes) return undefined;
      const found = present(this.#pallet((pallet) => pallet.index.toNumber() === call.callIndex[0]));
      const variant = this.#variants(found, 'calls')?.find(
        (one) => one.index.toNumber() === call.callIndex[1],
      );
      const fields = fieldsIn(present(variant).fields);
      const values = fields.map(({ name, type }, index) => [
        name ?? String(index),
        toPlain(this.#lookup, present(call.args[index]), type),
      ]);
      return humanCall({
        type: found.name.toString(),
        value: { type: present(variant).name.toString(), value: Object.fromEntries(values) },
      });
    } catch {
      return undefined;
    }
  }

  /** A module error's name by the pallet's index in the metadata and the error's own. */
  moduleError(palletIndex: number, errorIndex: number) {
    const pallet = this.#pallet(({ index }) => index.toNumber() === palletIndex);
    const found =
      pallet && this.#variants(pallet, 'errors')?.find(({ index }) => index.toNumber() === errorIndex);
    if (pallet === undefined || found === undefined) return undefined;
    return {
      pallet: pallet.name.toString(),
      name: found.name.toString(),
      docs: found.docs.map(String).join(' '),
    };
  }

  /** Names of an event's fields; undefined for those without. */
  eventFields(pallet: string, name: string): readonly (string | undefined)[] {
    return fieldsIn(this.#variant(pallet, 'events', name)?.fields ?? []).map((field) => field.name);
  }

  get #lookup() {
    return this.engine.registry.lookup;
  }

  #given(value: PlainInput, type: TypeId | undefined, path: string) {
    return type === undefined ? undefined : toGiven(this.#lookup, value, type, path);
  }

  #create(type: TypeId, value: unknown) {
    const { registry } = this.engine;
    return registry.createTypeUnsafe(registry.createLookupType(type as never), [value]);
  }

  #encode(type: TypeId, value: PlainInput, path: string): Uint8Array {
    return this.#create(type, toGiven(this.#lookup, value, type, path)).toU8a();
  }

  /** Reads a whole value of a type. @throws ERR_CHAIN_SHAPE */
  #decode(type: TypeId, bytes: Uint8Array, what: string): Plain {
    return guarded(what, () => {
      const codec = this.#create(type, bytes);
      if (codec.encodedLength !== bytes.length) {
        throw new RangeError(`${bytes.length} bytes, of which ${codec.encodedLength} were understood`);
      }
      return toPlain(this.#lookup, codec, type);
    });
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

  #pallet(wanted: (pallet: Pallet) => boolean): Pallet | undefined {
    return [...this.#pallets.values()].find(wanted);
  }

  #item(pallet: string, item: string): StorageEntry | undefined {
    const { storage } = this.#pallets.get(pallet) ?? {};
    const isThere =
      storage?.isSome === true && storage.unwrap().items.some(({ name }) => name.toString() === item);
    return isThere ? this.engine.query[camelCase(pallet)]?.[camelCase(item)] : undefined;
  }

  #constant(pallet: string, name: string) {
    return this.#pallets.get(pallet)?.constants.find((constant) => constant.name.toString() === name);
  }

  #tuple(type: TypeId): readonly TypeId[] {
    return [...this.#lookup.getSiType(type).def.asTuple];
  }

  #variants(pallet: Pallet, kind: 'calls' | 'events' | 'errors'): Variants | undefined {
    const found = pallet[kind];
    return found.isSome ? this.#lookup.getSiType(found.unwrap().type).def.asVariant.variants : undefined;
  }

  #variant(pallet: string, kind: 'calls' | 'events' | 'errors', name: string) {
    const found = this.#pallets.get(pallet);
    return found && this.#variants(found, kind)?.find((variant) => variant.name.toString() === name);
  }
}

/** Hashers that keep the key beside its hash. */
const KEPT = new Set(['Blake2_128Concat', 'Twox64Concat', 'Identity']);

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

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new TypeError('the metadata and the value do not fit together');
  return value;
}
