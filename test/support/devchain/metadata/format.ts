import {
  bytes,
  fixed,
  id,
  nothing,
  type Of,
  option,
  struct,
  text,
  u8,
  u32,
  union,
  vec,
} from '../scale/combinators.ts';

/**
 * FRAME metadata, versions 14, 15 and 16, as a node encodes it (crate frame-metadata). The chain keeps the form of
 * version 16; the older ones are made from it, because a client may ask for any of the three.
 */
const docs = vec(text);

const field = struct({ name: option(text), type: id, typeName: option(text), docs });
const variant = struct({ name: text, fields: vec(field), index: u8, docs });
const definition = union({
  composite: [0, vec(field)],
  variant: [1, vec(variant)],
  sequence: [2, id],
  array: [3, struct({ length: u32, type: id })],
  tuple: [4, vec(id)],
  primitive: [5, u8],
  compact: [6, id],
  bits: [7, struct({ store: id, order: id })],
});
const type = struct({
  id,
  path: vec(text),
  params: vec(struct({ name: text, type: option(id) })),
  definition,
  docs,
});

const note = struct({ note: text, since: option(text) });
const deprecation = union({ none: [0, nothing], plain: [1, nothing], noted: [2, note] });
const variantDeprecations = vec(
  struct({ index: u8, deprecation: union({ plain: [1, nothing], noted: [2, note] }) }),
);

const entryType = union({ plain: [0, id], map: [1, struct({ hashers: vec(u8), key: id, value: id })] });
const entryBase = { name: text, modifier: u8, type: entryType, fallback: bytes, docs } as const;
const entry14 = struct(entryBase);
const entry16 = struct({ ...entryBase, deprecation });

const constantBase = { name: text, type: id, value: bytes, docs } as const;
const constant14 = struct(constantBase);
const constant16 = struct({ ...constantBase, deprecation });

const enumRef = option(struct({ type: id, deprecations: variantDeprecations }));
const parameter = struct({ name: text, type: id });

const pallet16 = struct({
  name: text,
  storage: option(struct({ prefix: text, entries: vec(entry16) })),
  calls: enumRef,
  events: enumRef,
  constants: vec(constant16),
  errors: enumRef,
  associated: vec(struct({ name: text, type: id, docs })),
  views: vec(struct({ id: fixed(32), name: text, inputs: vec(parameter), output: id, docs, deprecation })),
  index: u8,
  docs,
  deprecation,
});
const pallet14Base = {
  name: text,
  storage: option(struct({ prefix: text, entries: vec(entry14) })),
  calls: option(id),
  events: option(id),
  constants: vec(constant14),
  errors: option(id),
  index: u8,
} as const;
const pallet14 = struct(pallet14Base);
const pallet15 = struct({ ...pallet14Base, docs });

const extension = struct({ name: text, type: id, implicit: id });

const methodBase = { name: text, inputs: vec(parameter), output: id, docs } as const;
const api15 = struct({ name: text, methods: vec(struct(methodBase)), docs });
const api16 = struct({
  name: text,
  methods: vec(struct({ ...methodBase, deprecation })),
  docs,
  version: id,
  deprecation,
});

const outerEnums = struct({ call: id, event: id, error: id });
const custom = vec(struct({ name: text, type: id, value: bytes }));

export const V14 = struct({
  types: vec(type),
  pallets: vec(pallet14),
  extrinsic: struct({ type: id, version: u8, extensions: vec(extension) }),
  runtime: id,
});

export const V15 = struct({
  types: vec(type),
  pallets: vec(pallet15),
  extrinsic: struct({
    version: u8,
    address: id,
    call: id,
    signature: id,
    extra: id,
    extensions: vec(extension),
  }),
  runtime: id,
  apis: vec(api15),
  outerEnums,
  custom,
});

export const V16 = struct({
  types: vec(type),
  pallets: vec(pallet16),
  extrinsic: struct({
    versions: vec(u8),
    address: id,
    call: id,
    signature: id,
    byVersion: vec(struct({ version: u8, extensions: vec(id) })),
    extensions: vec(extension),
  }),
  apis: vec(api16),
  outerEnums,
  custom,
});

export type MetadataModel = Of<typeof V16>;
export type TypeModel = Of<typeof type>;
export type FieldModel = Of<typeof field>;
export type VariantModel = Of<typeof variant>;
export type PalletModel = Of<typeof pallet16>;
export type EntryModel = Of<typeof entry16>;
export type ApiModel = Of<typeof api16>;
