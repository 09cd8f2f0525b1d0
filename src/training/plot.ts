/** One curve of a plot. */
export interface Curve {
  readonly name: string;
  readonly values: readonly number[];
}

/** Dots of a braille character, by row and column, as bits. */
const DOTS = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;

/**
 * A curve for a terminal, drawn with dots, highest value on top.
 *
 * @param width and height in characters; a value of the curve is as wide as there is room for
 */
export function plot({ name, values }: Curve, width = 60, height = 6): string[] {
  const known = values.filter(Number.isFinite);
  if (known.length === 0) return [];
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const [columns, rows] = [width * 2, height * 4];
  const cells = Array.from({ length: height }, () => new Uint8Array(width));
  const row = (value: number): number =>
    high === low ? rows / 2 : Math.round(((high - value) / (high - low)) * (rows - 1));
  let before: number | undefined;
  for (let x = 0; x < columns; x++) {
    const value = at(values, x / (columns - 1));
    if (!Number.isFinite(value)) {
      before = undefined;
      continue;
    }
    const y = row(value);
    for (let dot = Math.min(y, before ?? y); dot <= Math.max(y, before ?? y); dot++) set(cells, x, dot);
    before = y;
  }
  const labels = [high, low].map((value) => Number(value.toPrecision(3)).toString());
  const room = Math.max(...labels.map((label) => label.length));
  return [
    `${' '.repeat(room)}  ${name}`,
    ...cells.map((line, index) => {
      const label = index === 0 ? labels[0] : index === height - 1 ? labels[1] : '';
      return `${(label ?? '').padStart(room)} ┤${[...line].map((bits) => String.fromCodePoint(0x2800 + bits)).join('')}`;
    }),
  ];
}

function set(cells: readonly Uint8Array[], x: number, y: number): void {
  const line = cells[y >> 2];
  const bit = DOTS[y & 3]?.[x & 1];
  if (line !== undefined && bit !== undefined) line[x >> 1] = (line[x >> 1] ?? 0) | bit;
}

/** Between the two nearest values. */
function at(values: readonly number[], share: number): number {
  const place = share * (values.length - 1);
  const low = Math.floor(place);
  const from = values[low] ?? Number.NaN;
  const to = values[Math.min(low + 1, values.length - 1)] ?? from;
  return from + (to - from) * (place - low);
}
