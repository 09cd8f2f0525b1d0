import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRecord, printable } from '../../src/jobs/records.ts';

describe('a line of a job’s standard output', () => {
  it('is progress, a warning or a result', () => {
    const line =
      '{"event":"progress","phase":"train","step":12,"of":900,"loss":0.41,"metrics":{"acc":0.93},"rate":183.2,"unit":"images/s","eta":311,"message":"warm"}';
    expect(parseRecord(line)).toEqual({ ...JSON.parse(line) });
    expect(parseRecord('{"event":"warning","message":"few pictures"}')).toEqual({
      event: 'warning',
      message: 'few pictures',
    });
    expect(parseRecord('{"event":"result","bytes":3,"nested":{"a":[1]}}')).toEqual({
      event: 'result',
      data: { bytes: 3, nested: { a: [1] } },
    });
  });

  it.each([
    'hello',
    '',
    '{',
    '[]',
    'null',
    '{"event":"other"}',
    '{"event":"warning"}',
    '{"event":"warning","message":7}',
    '{"event":"progress","loss":NaN}',
    ' {"event":"result"}',
  ])('is a line of the log otherwise: %s', (line) => {
    expect(parseRecord(line)).toBeUndefined();
  });

  it('counts what has the wrong type as absent', () => {
    const line =
      '{"event":"progress","phase":7,"step":"1","of":-3,"loss":null,"metrics":{"a":"x","b":2,"c":1e999},"eta":[],"unit":{}}';
    expect(parseRecord(line)).toEqual({
      event: 'progress',
      phase: 'work',
      step: null,
      of: null,
      loss: null,
      metrics: { b: 2 },
      rate: null,
      unit: null,
      eta: null,
      message: null,
    });
  });

  it('never throws, and shows nothing that moves a cursor', () => {
    const fields = fc.dictionary(
      fc.constantFrom(
        'phase',
        'step',
        'of',
        'loss',
        'metrics',
        'rate',
        'unit',
        'eta',
        'message',
        '__proto__',
      ),
      fc.jsonValue(),
    );
    const lines = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .tuple(fc.constantFrom('progress', 'warning', 'result', 'x'), fields)
        .map(([event, rest]) => JSON.stringify({ event, ...rest })),
    );
    fc.assert(
      fc.property(lines, (line) => {
        const record = parseRecord(line);
        if (record?.event !== 'progress' && record?.event !== 'warning') return;
        for (const value of texts(record)) {
          // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there
          expect(value).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
          expect(value.length).toBeLessThanOrEqual(500);
        }
        for (const value of Object.values(record)) {
          if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true);
        }
      }),
    );
  });
});

it('a printable line has no escape sequences left', () => {
  expect(printable('\u001b[31mred\u001b[0m\u0007 \u001b]0;title\u0007end')).toBe('red end');
});

function texts(record: object): string[] {
  return Object.entries(record).flatMap(([key, value]) => {
    if (typeof value === 'string') return [value];
    return key === 'metrics' ? Object.keys(value as object) : [];
  });
}
