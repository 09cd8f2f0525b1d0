import { createReadStream } from 'node:fs';

/** A record longer than this is no honest line of a table of pictures. */
const MAX_RECORD = 1 << 20;

/**
 * The records of a CSV file (RFC 4180: quotes, doubled quotes, line breaks in quotes; a byte-order mark is skipped),
 * one in memory at a time. Separated by whichever of comma, semicolon and tab the first line has most of.
 *
 * @throws RangeError for a record of more than a million characters
 */
export async function* csvRecords(path: string): AsyncGenerator<string[]> {
  yield* recordsOf(createReadStream(path, { encoding: 'utf8' }));
}

export async function* recordsOf(text: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string[]> {
  let separator: string | undefined;
  let held = '';
  let record: string[] = [];
  let field = '';
  let quoted = false;
  /** A quote inside quotes: the next character says whether it ends them. */
  let closing = false;
  let first = true;
  let size = 0;

  const step = function* (character: string): Generator<string[]> {
    if (++size > MAX_RECORD) throw new RangeError('a record is longer than a million characters');
    if (closing) {
      closing = false;
      if (character === '"') {
        field += '"';
        return;
      }
      quoted = false;
    }
    if (quoted) {
      if (character === '"') closing = true;
      else field += character;
    } else if (character === '"' && field === '') quoted = true;
    else if (character === separator) {
      record.push(field);
      field = '';
    } else if (character === '\n') {
      if (field.endsWith('\r')) field = field.slice(0, -1);
      record.push(field);
      if (record.length > 1 || field !== '') yield record;
      [record, field, size] = [[], '', 0];
    } else field += character;
  };

  for await (const piece of text) {
    held += piece;
    if (first) {
      if (held.length === 0) continue;
      first = false;
      if (held.startsWith('\ufeff')) held = held.slice(1);
    }
    if (separator === undefined) {
      if (!held.includes('\n') && held.length < 65_536) continue;
      separator = separatorOf(held);
    }
    for (const character of held) yield* step(character);
    held = '';
  }
  separator ??= separatorOf(held);
  for (const character of held) yield* step(character);
  if (field !== '' || record.length > 0) yield* step('\n');
}

function separatorOf(text: string): string {
  const [line = ''] = text.split('\n', 1);
  const count = (mark: string) => line.split(mark).length;
  return [',', ';', '\t'].reduce((best, mark) => (count(mark) > count(best) ? mark : best));
}
