import fc from 'fast-check';
import type { Plain } from '../support/devchain/model.ts';
import { PRIMITIVES, type Types } from '../support/devchain/scale/types.ts';

/** Random values of a type; below `depth` levels the shortest ones. */
export function anyValue(types: Types, id: number, depth = 6, ordered = false): fc.Arbitrary<Plain> {
  const type = types.get(id);
  const { kind, value } = type.definition;
  const inner = (one: number) => anyValue(types, one, depth - 1);
  const fields = (
    all: readonly { readonly name: string | undefined; readonly type: number }[],
  ): fc.Arbitrary<Plain> => {
    const [first] = all;
    if (first === undefined) return fc.constant({});
    if (first.name !== undefined)
      return fc.record(
        Object.fromEntries(
          all.map((field): [string, fc.Arbitrary<Plain>] => [String(field.name), inner(field.type)]),
        ),
      );
    return all.length === 1 ? inner(first.type) : fc.tuple(...all.map((field) => inner(field.type)));
  };
  switch (kind) {
    case 'composite':
      // Maps and sets are sorted and without doubles; the public library insists, so they stay empty here.
      if (/^BTree/.test(type.path.at(-1) ?? '')) return anyValue(types, value[0]?.type ?? 0, depth - 1, true);
      return fields(value);
    case 'variant': {
      // The public library reads the other forms of an address in a way of its own.
      const forms = type.path.at(-1) === 'MultiAddress' ? value.filter((one) => one.name === 'Id') : value;
      const possible = forms.filter((one) => one.fields.every((field) => hasValues(types, field.type)));
      const short = possible.filter((one) => depth > 0 || one.fields.length === 0);
      const choices = short.length > 0 ? short : possible.slice(0, 1);
      if (types.isOption(type)) {
        const some = choices.find((one) => one.name === 'Some');
        return some === undefined
          ? fc.constant(undefined)
          : fc.option(fields(some.fields), { nil: undefined });
      }
      if (types.isDispatchError(type)) return fc.constant({ kind: 'badOrigin' });
      return fc.oneof(
        ...choices.map((one) =>
          fields(one.fields).map(
            (data): Plain => (one.fields.length === 0 ? one.name : { [one.name]: data }),
          ),
        ),
      );
    }
    case 'sequence':
      if (types.isByte(value)) return bytes({ maxLength: 40 });
      if (!hasValues(types, value)) return fc.constant([]);
      return fc.array(inner(value), { maxLength: depth > 0 && !ordered ? 3 : 0 });
    case 'array':
      if (types.isByte(value.type)) return bytes({ minLength: value.length, maxLength: value.length });
      return fc.array(inner(value.type), { minLength: value.length, maxLength: value.length });
    case 'tuple':
      return fc.tuple(...value.map(inner));
    case 'primitive':
      return primitive(PRIMITIVES[value] as string);
    case 'compact':
      return types.isUnit(value) ? fc.constant([]) : unsigned(types.bits(value));
    case 'bits':
      throw new Error('bit sequences are not modelled');
  }
}

const known = new WeakMap<Types, Map<number, boolean>>();

/** Some enums have no variants, such as the calls of a pallet that lost them all: nothing with them in it has values. */
export function hasValues(types: Types, id: number): boolean {
  const all = known.get(types) ?? new Map<number, boolean>();
  known.set(types, all);
  const answered = all.get(id);
  if (answered !== undefined) return answered;
  // Until it is known better: a type that holds itself has values if anything else in it has.
  all.set(id, true);
  const { kind, value } = types.get(id).definition;
  const every = (fields: readonly { readonly type: number }[]) =>
    fields.every((field) => hasValues(types, field.type));
  const answer =
    kind === 'variant'
      ? value.some((one) => every(one.fields))
      : kind === 'composite'
        ? every(value)
        : kind !== 'tuple' || value.every((one) => hasValues(types, one));
  all.set(id, answer);
  return answer;
}

function primitive(name: string): fc.Arbitrary<Plain> {
  if (name === 'bool') return fc.boolean();
  if (name === 'str') return fc.string({ unit: 'grapheme', maxLength: 10 });
  if (name === 'char') return fc.constant('x');
  const bits = Number(name.slice(1));
  if (name.startsWith('u')) return unsigned(bits);
  return fc.bigInt(-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n).map((one) => small(one, bits));
}

/** Every length of a compact number is as likely as the others. */
const unsigned = (bits: number) =>
  fc
    .nat({ max: bits })
    .chain((length) => fc.bigInt(0n, 2n ** BigInt(length) - 1n))
    .map((one) => small(one, bits));

const small = (value: bigint, bits: number): Plain => (bits <= 32 ? Number(value) : value);

const bytes = (size: fc.IntArrayConstraints) =>
  fc.uint8Array(size).map((all): Plain => `0x${Buffer.from(all).toString('hex')}`);
