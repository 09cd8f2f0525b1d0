import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JournalEntry } from '../../../../src/chain/register/journal/index.ts';
import { openJournal } from '../../../../src/chain/register/journal/index.ts';
import { Sv72Error } from '../../../../src/errors/index.ts';

let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'sv72-journal-')), 'registrations');
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true }));

const HOTKEY = '5DtDLm5rQHShDqojQpsvcN8tRXHVFaecfDoRet1SU6BFD9Fi';
const at = () => ({ folder, genesisHash: '0x2f0555cc76fc2840' as const, netuid: 72, hotkey: HOTKEY });

const entry: JournalEntry = {
  writtenAt: 1_795_206_201_787,
  network: 'finney',
  netuid: 72,
  hotkey: HOTKEY,
  coldkey: '5Fpfx4iDtrrY99VGkQnLXASytC2y9Z3o8KUyTtD4w7o5SZcA',
  way: 'burn',
  ceiling: 2n ** 63n + 1n,
  extrinsic: {
    hash: '0xaa',
    hex: '0xbb',
    signer: '5Fpfx4iDtrrY99VGkQnLXASytC2y9Z3o8KUyTtD4w7o5SZcA',
    nonce: 7,
    birth: { hash: '0xcc', number: 100 },
    death: 132,
    spec: 424,
    genesisHash: '0xdd',
  },
};

const codeOf = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    return error instanceof Sv72Error ? error.code : error;
  }
  return undefined;
};

/** A process that has it until it is killed. */
const holding = () =>
  spawn(
    process.execPath,
    [fileURLToPath(new URL('./holds-journal.ts', import.meta.url)), JSON.stringify(at())],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );

test.each([entry, { ...entry, way: 'pow' as const, ceiling: undefined }])(
  'gives back what was noted',
  (noted) => {
    const journal = openJournal(at());
    expect(journal.read()).toBeUndefined();
    journal.write(noted);
    expect(journal.read()).toEqual(noted);
    journal.close();
    const again = openJournal(at());
    expect(again.read()).toEqual(noted);
    again.clear();
    expect(again.read()).toBeUndefined();
    again.close();
  },
);

test('is for this user alone and leaves nothing half written', () => {
  const journal = openJournal(at());
  journal.write(entry);
  expect(statSync(journal.path).mode & 0o777).toBe(0o600);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  journal.close();
});

test('never takes the place of a registration that is not settled', () => {
  const journal = openJournal(at());
  journal.write(entry);
  expect(codeOf(() => journal.write({ ...entry, netuid: 73 }))).toBe('ERR_REGISTRATION_OPEN');
  expect(journal.read()).toEqual(entry);
  journal.close();
});

test('each subnet and hotkey has its own', () => {
  const journals = [at(), { ...at(), netuid: 73 }, { ...at(), hotkey: entry.coldkey }].map(openJournal);
  journals[0]?.write(entry);
  expect(journals.map((journal) => journal.read() !== undefined)).toEqual([true, false, false]);
  for (const journal of journals) journal.close();
});

test('another process is kept out, until the one that has it is gone, however it went', async () => {
  const holder = holding();
  await once(holder.stdout, 'data');
  expect(() => openJournal(at())).toThrow(
    expect.objectContaining({
      code: 'ERR_ALREADY_REGISTERING',
      message: expect.stringContaining(`process, ${holder.pid},`),
      details: expect.objectContaining({ pid: holder.pid }),
    }),
  );
  holder.kill('SIGKILL');
  await once(holder, 'close');
  const journal = openJournal(at());
  expect(journal.read()).toBeUndefined();
  journal.close();
});

test('nothing but the turn stays behind, also of a process that was killed', async () => {
  const journal = openJournal(at());
  journal.write(entry);
  journal.clear();
  journal.close();
  expect(readdirSync(folder)).toEqual(['.turn']);
  expect(statSync(join(folder, '.turn')).mode & 0o777).toBe(0o600);
  const holder = holding();
  await once(holder.stdout, 'data');
  holder.kill('SIGKILL');
  await once(holder, 'close');
  expect(readdirSync(folder).length).toBeGreaterThan(1);
  openJournal(at()).close();
  expect(readdirSync(folder)).toEqual(['.turn']);
});

test('processes that come and go at the same time never have it together', async () => {
  const script = fileURLToPath(new URL('./takes-turns.ts', import.meta.url));
  const all = Array.from({ length: 4 }, async () => {
    const child = spawn(process.execPath, [script, JSON.stringify(at()), '150'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return await text(child.stdout);
  });
  const ends = await Promise.all(all);
  expect(ends).toEqual(ends.map(() => expect.stringMatching(/^had it \d+ times, alone\n$/)));
  expect(readdirSync(folder)).toEqual(['.turn']);
}, 60_000);

test('what is no note is refused, not forgotten', () => {
  const journal = openJournal(at());
  const good: unknown = JSON.parse(
    JSON.stringify({ version: 1, ...entry, ceiling: undefined, ceilingRao: '1' }),
  );
  writeFileSync(journal.path, JSON.stringify(good));
  expect(journal.read()?.ceiling).toBe(1n);
  for (const bad of ['', '{}', 'null', '[]', '{"version":1}']) {
    writeFileSync(journal.path, bad);
    expect(codeOf(() => journal.read())).toBe('ERR_REGISTRATION_JOURNAL');
  }
  fc.assert(
    fc.property(
      fc.constantFrom(
        'version',
        'way',
        'netuid',
        'hotkey',
        'coldkey',
        'extrinsic',
        'ceilingRao',
        'writtenAt',
      ),
      fc.oneof(
        fc.constant(undefined),
        fc.double(),
        fc.object(),
        fc.constant(-1),
        fc.constant(''),
        fc.boolean(),
      ),
      (name, value) => {
        if (name === 'writtenAt' || name === 'netuid')
          fc.pre(!Number.isSafeInteger(value) || Object.is(value, -1));
        fc.pre(!(name === 'version' && value === 1));
        // JSON has no infinities; null is "no ceiling".
        fc.pre(!(name === 'ceilingRao' && JSON.stringify(value) === 'null'));
        writeFileSync(journal.path, JSON.stringify({ ...(good as object), [name]: value }));
        expect(codeOf(() => journal.read())).toBe('ERR_REGISTRATION_JOURNAL');
      },
    ),
    { numRuns: 60 },
  );
  journal.close();
});
