import { labelOfName } from '../../simulate/index.ts';

/** Words for classes besides the usual ones (`roadwork`, `none`, `1`, `0`, `yes`, `no`, …). */
export interface LabelWords {
  readonly positive?: readonly string[];
  readonly negative?: readonly string[];
}

/** The class that a cell, a folder's name or a class's name stands for; undefined where it is neither. */
export function labelOf(value: unknown, { positive = [], negative = [] }: LabelWords): 0 | 1 | undefined {
  if (typeof value === 'boolean') return value ? 1 : 0;
  const text = textOf(value)?.trim();
  if (text === undefined || text === '') return undefined;
  const is = (word: string) => word.toLowerCase() === text.toLowerCase();
  if (positive.some(is)) return 1;
  if (negative.some(is)) return 0;
  if (/^true$/i.test(text)) return 1;
  if (/^false$/i.test(text)) return 0;
  const word = labelOfName(text.replaceAll(' ', '_'));
  return word ?? (Number(text) === 1 ? 1 : Number(text) === 0 ? 0 : undefined);
}

/** Cells as text: strings, numbers and bytes of UTF-8; undefined for anything else. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  return undefined;
}
