import { type FileHandle, open } from 'node:fs/promises';

const TYPES = { uint8: '|u1', float32: '<f4' } as const;

/** A file of one NumPy array whose rows are written at their place, in any order. */
export interface ArrayFile {
  /** Writes a row; all have the same number of values. */
  put(index: number, row: Uint8Array | Float32Array): Promise<void>;
  close(): Promise<void>;
}

/**
 * Creates a `.npy` file (format 1.0, little-endian, C order) of a shape; rows that are never written are zero.
 * Format: NumPy's own description, NEP 1.
 */
export async function createArray(
  path: string,
  dtype: keyof typeof TYPES,
  shape: readonly [number, ...number[]],
): Promise<ArrayFile> {
  const bytes = shape.slice(1).reduce((product, side) => product * side, dtype === 'uint8' ? 1 : 4);
  const header = npyHeader(dtype, shape);
  const file: FileHandle = await open(path, 'wx');
  try {
    await file.write(header, 0, header.length, 0);
    await file.truncate(header.length + shape[0] * bytes);
  } catch (error) {
    await file.close();
    throw error;
  }
  return {
    async put(index, row) {
      const raw = new Uint8Array(row.buffer, row.byteOffset, row.byteLength);
      if (raw.length !== bytes || index < 0 || index >= shape[0]) {
        throw new RangeError(`row ${index} of ${raw.length} bytes does not fit into ${shape.join(' × ')}`);
      }
      await file.write(raw, 0, bytes, header.length + index * bytes);
    },
    close: () => file.close(),
  };
}

function npyHeader(dtype: keyof typeof TYPES, shape: readonly number[]): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const text = `{'descr': '${TYPES[dtype]}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const unpadded = 10 + text.length + 1;
  const padded = Math.ceil(unpadded / 64) * 64;
  const header = Buffer.alloc(padded, ' ', 'latin1');
  header.write('\x93NUMPY\x01\x00', 0, 'latin1');
  header.writeUInt16LE(padded - 10, 8);
  header.write(text, 10, 'latin1');
  header.write('\n', padded - 1, 'latin1');
  return header;
}
