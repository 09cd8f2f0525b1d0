import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunOptions } from '../../../src/jobs/index.ts';

const STAND_IN = fileURLToPath(new URL('stand-in.ts', import.meta.url));

/** A machine of its own for a test: programs, folders, images; removed by `remove()`. */
export class Machine {
  readonly root = mkdtempSync(join(tmpdir(), 'sv72-jobs-'));
  readonly bin = this.#folder('bin');
  readonly work = this.#folder('work');
  readonly trainer = this.#folder('trainer');
  readonly state = this.#folder('state');
  readonly engine = this.#folder('engine');

  constructor() {
    this.images([]);
    mkdirSync(join(this.trainer, 'requirements'));
    mkdirSync(join(this.trainer, 'sv72_train'));
    writeFileSync(join(this.trainer, 'requirements', 'tiny.lock'), '# nothing\n');
    writeFileSync(join(this.trainer, 'Dockerfile'), 'ARG BASE\nFROM $BASE\n');
    writeFileSync(join(this.trainer, 'install_lock.py'), '');
  }

  /** The programs of the real machine come after those that the test has put in place. */
  get env(): Record<string, string> {
    const PATH = [this.bin, process.env.PATH ?? ''].join(delimiter);
    return { PATH, HOME: this.root, LANG: 'C.UTF-8' };
  }

  options(runtime: RunOptions['runtime']): RunOptions {
    const { env, state: stateDir, trainer: trainerDir, root } = this;
    return { runtime, env, stateDir, trainerDir, cacheDir: join(root, 'cache') };
  }

  /** Puts a program in place. */
  program(name: string, script: string): void {
    const path = join(this.bin, name);
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
  }

  /** Puts a stand-in for docker or podman in place. */
  standIn(name: 'docker' | 'podman'): void {
    this.program(name, `exec '${process.execPath}' '${STAND_IN}' '${this.engine}' ${name} "$@"`);
  }

  /** Puts an nvidia-smi in place that shows such a table, and takes the question that there is. */
  gpus(lines: readonly string[]): void {
    const table = lines.map((line) => `echo '${line}'`).join('\n');
    this.program(
      'nvidia-smi',
      `[ "$*" = "--query-gpu=index,name,driver_version,memory.total,memory.free,compute_cap --format=csv,noheader,nounits" ] || exit 2\n${table}`,
    );
  }

  images(names: readonly string[]): void {
    writeFileSync(join(this.engine, 'images.json'), JSON.stringify(names));
  }

  /** What the stand-ins were told: program and arguments. */
  calls(verb?: string): string[][] {
    const path = join(this.engine, 'calls.jsonl');
    if (!existsSync(path)) return [];
    const calls: string[][] = readFileSync(path, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    return verb === undefined ? calls : calls.filter((call) => call[1] === verb);
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  #folder(name: string): string {
    const path = join(this.root, name);
    mkdirSync(path);
    return path;
  }
}
