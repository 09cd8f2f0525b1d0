import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { type Finished, finished, type Sandbox } from './cli.ts';

const RUN = fileURLToPath(new URL('../../bin/run.js', import.meta.url));

/** `sv72 …` in a real terminal (a pseudo-terminal of `script`), with somebody who reads and types. */
export class Terminal {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #end: Promise<Finished>;
  #screen = '';
  #seen = 0;
  #wake: () => void = () => {};

  constructor(box: Sandbox, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const command = [process.execPath, RUN, ...args]
      .map((word) => `'${word.replaceAll("'", "'\\''")}'`)
      .join(' ');
    this.#child = spawn('script', ['-qefc', command, '/dev/null'], {
      cwd: box.home,
      env: box.env({ TERM: 'xterm', COLUMNS: '200', SHELL: '/bin/sh', ...env }),
    });
    this.#child.stdin.on('error', () => undefined);
    this.#child.stdout.on('data', (chunk: Buffer) => {
      this.#screen += chunk.toString();
      this.#wake();
    });
    this.#end = finished(this.#child).finally(() => this.#wake());
  }

  /** Everything shown so far, without colours and cursor movements. */
  get screen(): string {
    return stripVTControlCharacters(this.#screen);
  }

  /**
   * Waits until a text is shown, after what earlier calls waited for.
   * @throws when the program ends before
   */
  async see(text: string): Promise<void> {
    let ended = false;
    void this.#end.then(() => {
      ended = true;
    });
    for (;;) {
      const at = this.screen.indexOf(text, this.#seen);
      if (at !== -1) {
        this.#seen = at + text.length;
        return;
      }
      if (ended) throw new Error(`The program ended without showing "${text}":\n${this.screen}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Types keys; `\r` is Enter, `\x03` is Ctrl-C. */
  type(keys: string): void {
    this.#child.stdin.write(keys);
  }

  /** The exit code (128 + the number of a signal that ended the program). */
  async exit(): Promise<number | null> {
    return (await this.#end).exit;
  }
}
