import type { UnifiedMetadata } from '@polkadot-api/substrate-bindings';
import type { Plain, PlainInput } from '../types.ts';
import type { Reader } from './reader.ts';
import type { Writer } from './writer.ts';

export type Metadata = UnifiedMetadata;
export type TypeEntry = Metadata['lookup'][number];
export type Field = Extract<TypeEntry['def'], { tag: 'composite' }>['value'][number];

/** How one type of the runtime is read and written. `path` names the value in messages. */
export interface Codec {
  /** Fewest bytes a value can have, 0 when unknown; bounds what a list's length may claim. */
  readonly least: number;
  read(reader: Reader): Plain;
  write(writer: Writer, value: PlainInput, path: string): void;
}
