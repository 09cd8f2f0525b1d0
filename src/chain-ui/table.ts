/** A column of a table: its heading, and on which side its values stand. */
export interface Column<Row> {
  readonly name: string;
  readonly align?: 'left' | 'right';
  readonly value: (row: Row) => string;
}

/** Rows with their columns one below the other, two spaces apart, headings first. */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string[] {
  const cells = rows.map((row) => columns.map(({ value }) => printable(value(row))));
  const widths = columns.map(({ name }, index) =>
    Math.max(name.length, ...cells.map((line) => line[index]?.length ?? 0)),
  );
  const line = (texts: readonly string[]) =>
    texts
      .map((text, index) => {
        const width = widths[index] ?? 0;
        return columns[index]?.align === 'right' ? text.padStart(width) : text.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  return [line(columns.map(({ name }) => name)), ...cells.map(line)];
}

/** Labels and values below each other, the values in one column. */
export function block(pairs: readonly (readonly [label: string, value: string])[], indent = ''): string[] {
  const width = Math.max(0, ...pairs.map(([label]) => label.length));
  return pairs.map(([label, value]) => `${indent}${label.padEnd(width)}  ${printable(value)}`.trimEnd());
}

/**
 * Rows as RFC 4180 CSV, headings first. What a spreadsheet would take as a formula gets an apostrophe before it, and so
 * does what already looks like that, so that the first apostrophe can be taken off again.
 */
export function csv<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string[] {
  const field = (text: string) => {
    const safe = /^'*[=+\-@\t\r]/.test(text) && !/^-?[\d.]+$/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return [
    columns.map(({ name }) => field(name)).join(','),
    ...rows.map((row) => columns.map(({ value }) => field(printable(value(row)))).join(',')),
  ];
}

/** Names and commitments on chain are anybody's: what could steer a terminal, or turn text around, is shown as a mark. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u{fffd}');
}
