import { createReadStream } from 'node:fs';
import { Sv72Error } from '../../errors/index.ts';

/** A record longer than this is no honest line of a table of pictures. */
const MAX_RECORD = 1 << 20;

/**
 * The records of a CSV file (RFC 4180: quotes, doubled quotes, line breaks in quotes; a byte-order mark is skipped),
 * one in memory at a time. Separated by whichever of comma, semicolon and tab the first line has most of. Lines end with
 * LF, CR or both; the text is UTF-8, or UTF-16 that says so by its byte-order mark.
 *
 * @throws Sv72Error ERR_DATA_INPUT for other texts, a quote that is never closed, and a record of more than a million
 *   characters
 */
export async function* csvRecords(path: string): AsyncGenerator<string[]> {
  try {
    yield* recordsOf(textOf(createReadStream(path)));
  } catch (cause) {
    if (!(cause instanceof CsvProblem)) throw cause;
    throw new Sv72Error('ERR_DATA_INPUT', `${path} ${cause.message}.`, {
      next: cause.next,
      details: { input: path },
      cause,
    });
  }
}

/** Why a file is no table; begins like "is not …". */
class CsvProblem extends Error {
  readonly next: string;

  constructor(message: string, next: string) {
    super(message);
    this.next = next;
  }
}

async function* textOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  try {
    for await (const piece of pieces) {
      decoder ??= new TextDecoder(encodingOf(piece), { fatal: true });
      yield decoder.decode(piece, { stream: true });
    }
    yield decoder?.decode() ?? '';
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new CsvProblem(
      'is not text in UTF-8',
      'Save it as CSV in UTF-8 (spreadsheets offer that by name).',
    );
  }
}

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
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
  let afterReturn = false;
  let size = 0;
  let line = 1;
  let quotedFrom = 0;

  const step = function* (character: string): Generator<string[]> {
    if (++size > MAX_RECORD) {
      throw new CsvProblem(
        `has a record of more than a million characters in line ${line}`,
        'Look whether a quote is missing there, or whether it is a table at all.',
      );
    }
    const second = character === '\n' && afterReturn;
    afterReturn = character === '\r';
    if (afterReturn || (character === '\n' && !second)) line++;
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
    } else if (character === '"' && field === '') [quoted, quotedFrom] = [true, line];
    else if (character === separator) {
      record.push(field);
      field = '';
    } else if (character === '\n' || character === '\r') {
      if (second) return;
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
      if (!/[\r\n]/.test(held) && held.length < 65_536) continue;
      separator = separatorOf(held);
    }
    for (const character of held) yield* step(character);
    held = '';
  }
  separator ??= separatorOf(held);
  for (const character of held) yield* step(character);
  if (quoted && !closing) {
    throw new CsvProblem(
      `has a quote in line ${quotedFrom} that is never closed`,
      'Close it, or write a quote inside a cell twice.',
    );
  }
  if (field !== '' || record.length > 0) yield* step('\n');
}

function separatorOf(text: string): string {
  const [line = ''] = text.split(/[\r\n]/, 1);
  const count = (mark: string) => line.split(mark).length;
  return [',', ';', '\t'].reduce((best, mark) => (count(mark) > count(best) ? mark : best));
}
