import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { isJobId, JobFolder, newJobId } from '../../src/jobs/state/folder.ts';
import { pruneJobs } from '../../src/jobs/state/prune.ts';
import { RotatingFile } from '../../src/jobs/state/rotating-file.ts';
import { Tail } from '../../src/jobs/state/tail.ts';
import { isAlive, processId } from '../../src/processes/index.ts';

const root = mkdtempSync(join(tmpdir(), 'sv72-state-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('a log', () => {
  it('is rotated, and a reader misses nothing', () => {
    const path = join(root, 'rotated.txt');
    const file = new RotatingFile(path, 64, 2);
    const seen: string[] = [];
    const tail = new Tail(path, (line) => seen.push(line));
    const lines = Array.from({ length: 30 }, (_, index) => `line number ${index}`);
    for (const line of lines) {
      file.write(line);
      tail.read();
    }
    file.close();
    tail.close();
    expect(seen).toEqual(lines);
    expect(existsSync(`${path}.2`)).toBe(true);
    expect(existsSync(`${path}.3`)).toBe(false);
    for (const name of [path, `${path}.1`, `${path}.2`]) {
      expect(readFileSync(name).length).toBeLessThanOrEqual(64);
    }
  });

  it('never writes into another file, whatever becomes of its folder', () => {
    const folder = join(root, 'gone');
    mkdirSync(folder);
    const file = new RotatingFile(join(folder, 'log.txt'), 8, 1);
    file.write('1234567');
    rmSync(folder, { recursive: true });
    expect(() => file.write('89')).toThrow();
    const other = join(root, 'other.txt');
    // Gets the number of whatever was closed.
    const descriptor = openSync(other, 'w');
    try {
      file.write('8');
    } catch {
      // There is no place for it.
    }
    closeSync(descriptor);
    file.close();
    expect(readFileSync(other, 'utf8')).toBe('');
  });

  it('may be read from its end', () => {
    const path = join(root, 'end.txt');
    writeFileSync(path, 'before\n');
    const seen: string[] = [];
    const tail = new Tail(path, (line) => seen.push(line), true);
    writeFileSync(path, 'after\n', { flag: 'a' });
    tail.read();
    tail.close();
    expect(seen).toEqual(['after']);
  });
});

describe('a process', () => {
  it('is known by its number and its start', () => {
    const own = processId(process.pid);
    expect(own && isAlive(own)).toBe(true);
    expect(isAlive({ pid: process.pid, start: 'another' })).toBe(false);
    expect(processId(2 ** 22 + 1)).toBeUndefined();
  });
});

describe('the folders of jobs', () => {
  it('have names that sort by time, and nothing else is taken for one', () => {
    const id = newJobId('Train it!', Date.UTC(2026, 10, 21, 8, 30), Uint8Array.of(1, 2, 255));
    expect(id).toBe('train-it-20261121-083000-0102ff');
    expect(isJobId(id)).toBe(true);
    for (const name of ['../x', '.hidden', 'A', '', 'a/b', 'x'.repeat(200)])
      expect(isJobId(name)).toBe(false);
  });

  it('are removed when they ended long ago, or before fifty others', () => {
    const stateDir = join(root, 'jobs');
    const now = Date.UTC(2026, 10, 21);
    const day = 86_400_000;
    const make = (id: string, endedAt: number | null): void => {
      const folder = new JobFolder(stateDir, id);
      mkdirSync(folder.path, { recursive: true });
      folder.writeState({
        watcher: { pid: 1, start: 'x' },
        process: null,
        stopping: false,
        lastProgress: null,
        lastResult: null,
        warnings: [],
        lastLines: [],
        ended: endedAt === null ? null : { at: endedAt, outcome: 'done', exitCode: 0, signal: null },
      });
    };
    make('old', now - 91 * day);
    make('running', null);
    for (let index = 0; index < 52; index++) make(`job-${index}`, now - index * 1_000);
    pruneJobs(stateDir, now);
    const there = (id: string): boolean => existsSync(join(stateDir, id));
    expect([there('old'), there('job-51'), there('job-50')]).toEqual([false, false, false]);
    expect([there('running'), there('job-0'), there('job-49')]).toEqual([true, true, true]);
  });

  it('with damaged files count as unknown', () => {
    const folder = new JobFolder(join(root, 'jobs'), 'damaged');
    mkdirSync(folder.path, { recursive: true });
    writeFileSync(join(folder.path, 'job.json'), '{"format":2}');
    writeFileSync(join(folder.path, 'state.json'), '{');
    expect(folder.job()).toBeUndefined();
    expect(folder.state()).toBeUndefined();
  });
});
