import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { type CallersEvent, callersFromFile } from '../../src/miner/callers.ts';
import { parseCallersFile } from '../../src/miner/callers-file.ts';

const A = '5Fpfx4iDtrrY99VGkQnLXASytC2y9Z3o8KUyTtD4w7o5SZcA';
const B = '5DtDLm5rQHShDqojQpsvcN8tRXHVFaecfDoRet1SU6BFD9Fi';

function callersFile(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'sv72-callers-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'callers.txt');
  writeFileSync(path, text);
  return path;
}

test('hotkeys, stakes in TAO, comments; bad lines are named and the others count', () => {
  const { callers, badLines } = parseCallersFile(
    `\uFEFF# validators\n${A} 40096.5 # big\r\n\n${B}\nnonsense\n${B} 3\n${A}x 1\n5Gmp -1\n${A} 1 2\n`,
  );
  expect([...callers]).toEqual([
    [A, 40_096_500_000_000n],
    [B, 0n],
  ]);
  expect(badLines.map((bad) => bad.line)).toEqual([5, 6, 7, 8, 9]);
  expect(badLines[1]?.reason).toBe('this hotkey is listed twice');
});

test('any text is read without failing, and only addresses come out', () => {
  const piece = fc.oneof(fc.string(), fc.constantFrom(A, B, '#', '\n', ' ', '\t', '1.5', '\r\n', ','));
  fc.assert(
    fc.property(
      fc.array(piece).map((parts) => parts.join('')),
      (text) => {
        const { callers } = parseCallersFile(text);
        for (const [hotkey, stake] of callers) {
          expect([A, B]).toContain(hotkey);
          expect(stake >= 0n).toBe(true);
        }
      },
    ),
  );
});

test('the file decides, and a change is followed', async () => {
  const path = callersFile(`${A} 1\n`);
  const events: CallersEvent[] = [];
  const changed = Promise.withResolvers<void>();
  const callers = callersFromFile({
    path,
    pollMs: 20,
    onEvent: (event) => {
      events.push(event);
      changed.resolve();
    },
  });
  onTestFinished(() => callers.close());
  expect(callers.policy(A)).toEqual({ allow: true, stake: 1_000_000_000n, listed: true });
  expect(callers.policy(B)).toMatchObject({ allow: false });

  writeFileSync(`${path}.new`, `${B}\nbroken line\n`);
  renameSync(`${path}.new`, path);
  await changed.promise;
  expect(callers.policy(A)).toMatchObject({ allow: false });
  expect(callers.policy(B)).toEqual({ allow: true, stake: 0n, listed: true });
  expect(events[0]).toEqual({
    kind: 'reloaded',
    count: 1,
    badLines: [{ line: 2, reason: 'there is more than a hotkey and a stake' }].map((bad) => ({
      ...bad,
      reason: expect.any(String),
    })),
  });
});

test('a file that went away changes nothing', () => {
  const path = callersFile(A);
  const events: CallersEvent[] = [];
  const callers = callersFromFile({ path, onEvent: (event) => events.push(event) });
  onTestFinished(() => callers.close());
  rmSync(path);
  callers.reload();
  expect(callers.policy(A)).toMatchObject({ allow: true });
  expect(events).toMatchObject([{ kind: 'unreadable' }]);
});

test('a file that is missing or lists nobody is refused at the start', () => {
  const code = 'ERR_CALLERS_FILE';
  expect(() => callersFromFile({ path: '/nowhere/callers.txt' })).toThrow(expect.objectContaining({ code }));
  const path = callersFile('# nobody\nnonsense\n');
  expect(() => callersFromFile({ path })).toThrow(/lists no hotkey: line 2: this is no SS58 address/);
});
