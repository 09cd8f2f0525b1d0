import type { FieldModel, MetadataModel, TypeModel, VariantModel } from '../metadata/format.ts';

/** Primitive types in the metadata's numbering. */
export const PRIMITIVES = 'bool char str u8 u16 u32 u64 u128 u256 i8 i16 i32 i64 i128 i256'.split(' ');
const U8 = PRIMITIVES.indexOf('u8');

/** The types of a runtime's metadata, and the questions that encoding and decoding ask about them. */
export class Types {
  readonly metadata: MetadataModel;
  readonly #types: ReadonlyMap<number, TypeModel>;

  constructor(metadata: MetadataModel) {
    this.metadata = metadata;
    this.#types = new Map(metadata.types.map((type) => [type.id, type]));
  }

  get(id: number): TypeModel {
    const found = this.#types.get(id);
    if (found === undefined) throw new RangeError(`no type ${id}`);
    return found;
  }

  isOption(type: TypeModel): boolean {
    return type.path.length === 1 && type.path[0] === 'Option';
  }

  isDispatchError(type: TypeModel): boolean {
    return type.path.join('::') === 'sp_runtime::DispatchError';
  }

  isCall(type: TypeModel): boolean {
    return type.id === this.metadata.outerEnums.call;
  }

  isEvent(type: TypeModel): boolean {
    return type.id === this.metadata.outerEnums.event;
  }

  isByte(id: number): boolean {
    const { kind, value } = this.get(id).definition;
    return kind === 'primitive' && value === U8;
  }

  isCompactByte(id: number): boolean {
    const { kind, value } = this.get(id).definition;
    return kind === 'compact' && this.isByte(value);
  }

  /** `Compact<()>` takes no bytes. */
  isUnit(id: number): boolean {
    const { kind, value } = this.get(id).definition;
    return kind === 'tuple' && value.length === 0;
  }

  /** Bits of the integer a Compact wraps, directly or in a newtype. */
  bits(id: number): number {
    const { kind, value } = this.get(id).definition;
    if (kind === 'primitive') return Number((PRIMITIVES[value] ?? '').slice(1));
    if (kind === 'composite' && value.length === 1) return this.bits((value[0] as FieldModel).type);
    throw new RangeError('compact of something that is not a number');
  }

  /** Numbers of an error by its names. */
  errorIndex(pallet: string, name: string): { readonly index: number; readonly error: number } {
    const found = this.metadata.pallets.find((one) => one.name === pallet);
    const error = this.#errors(found?.errors?.type).find((one) => one.name === name);
    if (found === undefined || error === undefined)
      throw new RangeError(`this runtime has no error ${pallet}.${name}`);
    return { index: found.index, error: error.index };
  }

  /** Names of an error by its numbers; the numbers where they mean nothing here. */
  errorName(index: number, error: number): { readonly pallet: string; readonly name: string } {
    const pallet = this.metadata.pallets.find((one) => one.index === index);
    const found = this.#errors(pallet?.errors?.type).find((one) => one.index === error);
    return { pallet: pallet?.name ?? String(index), name: found?.name ?? String(error) };
  }

  #errors(id: number | undefined): readonly VariantModel[] {
    const definition = id === undefined ? undefined : this.get(id).definition;
    return definition?.kind === 'variant' ? definition.value : [];
  }
}
