import type {
  ApiModel,
  EntryModel,
  FieldModel,
  MetadataModel,
  PalletModel,
  TypeModel,
  VariantModel,
} from './format.ts';

/** Hashers by their numbers in the metadata. */
export const HASHER = { blake2Concat: 2, twoxConcat: 5, identity: 6 } as const;

type EnumOf = 'calls' | 'events' | 'errors';
const KEPT = { kind: 'none', value: undefined } as const;

/** Changes a copy of real metadata into that of another runtime. */
export class MetadataEditor {
  readonly model: MetadataModel;

  constructor(model: MetadataModel) {
    this.model = model;
  }

  pallet(name: string): PalletModel {
    const found = this.model.pallets.find((pallet) => pallet.name === name);
    if (found === undefined) throw new RangeError(`no pallet ${name}`);
    return found;
  }

  /** Id of a type that exists already, by its path or as a primitive (`u16` …). */
  type(path: string): number {
    const primitives: Readonly<Record<string, number>> = { bool: 0, u8: 3, u16: 4, u32: 5, u64: 6, u128: 7 };
    const primitive = primitives[path];
    const found = this.model.types.find(({ path: own, definition }) =>
      primitive === undefined
        ? own.join('::') === path
        : definition.kind === 'primitive' && definition.value === primitive,
    );
    if (found === undefined) throw new RangeError(`no type ${path}`);
    return found.id;
  }

  addType(definition: TypeModel['definition'], path: readonly string[] = []): number {
    const id = this.model.types.length;
    this.model.types.push({ id, path: [...path], params: [], definition, docs: [] });
    return id;
  }

  addStruct(path: string, fields: Readonly<Record<string, number>>): number {
    return this.addType({ kind: 'composite', value: asFields(fields) }, path.split('::'));
  }

  addTuple(...types: number[]): number {
    return this.addType({ kind: 'tuple', value: types });
  }

  variants(pallet: string, of: EnumOf): VariantModel[] {
    const id = this.pallet(pallet)[of]?.type ?? -1;
    const definition = this.model.types[id]?.definition;
    if (definition?.kind !== 'variant') throw new RangeError(`${pallet} has no ${of}`);
    return definition.value;
  }

  /** Adds a call, an event or an error; without an index it gets the next free one. */
  addVariant(
    pallet: string,
    of: EnumOf,
    name: string,
    fields: Readonly<Record<string, number>> = {},
    index?: number,
  ) {
    const all = this.variants(pallet, of);
    const next = Math.max(-1, ...all.map((one) => one.index)) + 1;
    all.push({ name, fields: asFields(fields), index: index ?? next, docs: [] });
  }

  removeVariants(pallet: string, of: EnumOf, names: readonly string[]): void {
    const all = this.variants(pallet, of);
    for (const name of names) {
      const at = all.findIndex((one) => one.name === name);
      if (at < 0) throw new RangeError(`${pallet} has no ${name}`);
      all.splice(at, 1);
    }
  }

  renameVariant(pallet: string, of: EnumOf, from: string, to: string): void {
    const found = this.variants(pallet, of).find((one) => one.name === from);
    if (found === undefined) throw new RangeError(`${pallet} has no ${from}`);
    found.name = to;
  }

  /** A map (or, without keys, a plain value) with a default. */
  addStorage(
    pallet: string,
    name: string,
    options: {
      readonly keys?: readonly (readonly [hasher: number, type: number])[];
      readonly value: number;
      /** Absent: Option. */
      readonly fallback?: Uint8Array;
    },
  ): void {
    const { keys = [], value, fallback } = options;
    const key = keys.length === 1 ? (keys[0]?.[1] as number) : this.addTuple(...keys.map(([, type]) => type));
    const entry: EntryModel = {
      name,
      modifier: fallback === undefined ? 0 : 1,
      type:
        keys.length === 0
          ? { kind: 'plain', value }
          : { kind: 'map', value: { hashers: keys.map(([hasher]) => hasher), key, value } },
      fallback: fallback ?? Uint8Array.of(0),
      docs: [],
      deprecation: KEPT,
    };
    this.#entries(pallet).push(entry);
  }

  removeStorage(pallet: string, names: readonly string[]): void {
    const entries = this.#entries(pallet);
    for (const name of names) {
      const at = entries.findIndex((entry) => entry.name === name);
      if (at < 0) throw new RangeError(`${pallet} has no ${name}`);
      entries.splice(at, 1);
    }
  }

  renameStorage(pallet: string, from: string, to: string): void {
    const found = this.#entries(pallet).find((entry) => entry.name === from);
    if (found === undefined) throw new RangeError(`${pallet} has no ${from}`);
    found.name = to;
  }

  setConstant(pallet: string, name: string, value: Uint8Array): void {
    const found = this.pallet(pallet).constants.find((constant) => constant.name === name);
    if (found === undefined) throw new RangeError(`${pallet} has no ${name}`);
    found.value = value;
  }

  api(name: string): ApiModel {
    const found = this.model.apis.find((api) => api.name === name);
    if (found === undefined) throw new RangeError(`no runtime API ${name}`);
    return found;
  }

  addMethod(api: string, name: string, inputs: Readonly<Record<string, number>>, output: number): void {
    this.api(api).methods.push({
      name,
      inputs: Object.entries(inputs).map(([one, type]) => ({ name: one, type })),
      output,
      docs: [],
      deprecation: KEPT,
    });
  }

  removeMethods(api: string, names: readonly string[]): void {
    const found = this.api(api);
    found.methods = found.methods.filter((method) => !names.includes(method.name));
  }

  /** A pallet with one call, one event, one error and one storage value. */
  addPallet(name: string, index: number): void {
    const empty = () =>
      this.addType({ kind: 'variant', value: [] }, [name.toLowerCase(), 'pallet', 'Pallet']);
    const [calls, events, errors] = [empty(), empty(), empty()];
    this.model.pallets.push({
      name,
      storage: { prefix: name, entries: [] },
      calls: { type: calls, deprecations: [] },
      events: { type: events, deprecations: [] },
      constants: [],
      errors: { type: errors, deprecations: [] },
      associated: [],
      views: [],
      index,
      docs: [],
      deprecation: KEPT,
    });
    for (const [outer, type] of [
      [this.model.outerEnums.call, calls],
      [this.model.outerEnums.event, events],
      [this.model.outerEnums.error, errors],
    ] as const) {
      const definition = this.model.types[outer]?.definition;
      if (definition?.kind !== 'variant') throw new RangeError('the outer enums are enums');
      definition.value.push({
        name,
        fields: [{ name: undefined, type, typeName: undefined, docs: [] }],
        index,
        docs: [],
      });
    }
  }

  /** Signed extensions in their new order; the ones that are new carry nothing and add nothing. */
  setExtensions(names: readonly string[]): void {
    const { extrinsic } = this.model;
    const unit = this.model.types.find(
      ({ definition }) => definition.kind === 'tuple' && definition.value.length === 0,
    );
    if (unit === undefined) throw new RangeError('no unit type');
    extrinsic.extensions = names.map((name) => {
      const known = extrinsic.extensions.find((extension) => extension.name === name);
      return (
        known ?? { name, type: this.addType({ kind: 'composite', value: [] }, [name]), implicit: unit.id }
      );
    });
    for (const version of extrinsic.byVersion) version.extensions = names.map((_name, index) => index);
    const extra = this.addTuple(...extrinsic.extensions.map((extension) => extension.type));
    for (const type of this.model.types.filter(({ path }) => path.at(-1) === 'UncheckedExtrinsic')) {
      const parameter = type.params.at(-1);
      if (parameter !== undefined) parameter.type = extra;
    }
  }

  #entries(pallet: string): EntryModel[] {
    const { storage } = this.pallet(pallet);
    if (storage === undefined) throw new RangeError(`${pallet} has no storage`);
    return storage.entries;
  }
}

/** Fields whose names begin with a digit have none: `{ 0: type, 1: type }`. */
function asFields(fields: Readonly<Record<string, number>>): FieldModel[] {
  return Object.entries(fields).map(([name, type]) => ({
    name: /^\d/.test(name) ? undefined : name,
    type,
    typeName: undefined,
    docs: [],
  }));
}
