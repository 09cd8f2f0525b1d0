import { Command, ux } from '@oclif/core';
import type { Input, ParserOutput } from '@oclif/core/interfaces';
import { type Loaded, loadSettings, type OptionKey, optionOfFlag } from '../config/index.ts';
import { Ask } from './ask.ts';
import { FailureInLines } from './failure.ts';
import { globalFlags, wantsJson } from './flags.ts';
import { listenForInterruption } from './interrupt.ts';

type Output = Record<string, unknown>;

/** A flag's value after parsing. */
type Given = string | number | boolean | readonly string[] | undefined;

/**
 * What all commands share: --json, --quiet and --config, output on the right stream, questions, progress,
 * and the effective settings. A command parses its flags, calls src, prints, and returns the object that --json prints.
 */
export abstract class Sv72Command extends Command {
  static override baseFlags = globalFlags;
  static override enableJsonFlag = false;

  #typed = new Set<string>();
  #flags: Readonly<Record<string, unknown>> = {};

  override jsonEnabled(): boolean {
    return wantsJson(this.argv, process.env);
  }

  protected get quiet(): boolean {
    return this.#flags.quiet === true;
  }

  /** Whether somebody is at the terminal to be asked. */
  protected get interactive(): boolean {
    return Boolean(process.stdin.isTTY && process.stderr.isTTY) && !this.jsonEnabled() && !this.quiet;
  }

  protected get ask(): Ask {
    return new Ask({ interactive: this.interactive, yes: this.#flags.yes === true });
  }

  /** A line of the result for people; nothing with --json. */
  protected say(line = ''): void {
    if (!this.jsonEnabled()) process.stdout.write(`${line}\n`);
  }

  /** A remark on stderr; nothing with --quiet. */
  protected note(line: string): void {
    if (!this.quiet) process.stderr.write(`${line}\n`);
  }

  /** Runs `work` with a line on stderr that shows that it is going on, and how far where `work` says so. */
  protected async progress<T>(
    title: string,
    work: (status: (text: string) => void) => Promise<T>,
  ): Promise<T> {
    if (this.quiet || this.jsonEnabled()) return await work(() => undefined);
    ux.action.start(title);
    // Without a terminal every change would be a line of its own.
    const status = process.stderr.isTTY
      ? (text: string) => {
          ux.action.status = text;
        }
      : () => undefined;
    try {
      const result = await work(status);
      ux.action.stop();
      return result;
    } catch (error) {
      ux.action.stop('failed');
      throw error;
    }
  }

  /** Runs work that Ctrl-C gives up: the first aborts the signal, a second ends the process. */
  protected async untilInterrupted<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { signal, over } = listenForInterruption();
    try {
      return await work(signal);
    } finally {
      over();
    }
  }

  /** The same with a line of progress. */
  protected async interruptible<T>(
    title: string,
    work: (signal: AbortSignal, status: (text: string) => void) => Promise<T>,
  ): Promise<T> {
    return await this.untilInterrupted((signal) => this.progress(title, (status) => work(signal, status)));
  }

  /**
   * The effective settings: the typed flags among `flags` over environment, files and defaults.
   * Warnings go to stderr.
   */
  protected async settings(): Promise<Loaded> {
    const flags = new Map<OptionKey, NonNullable<Given>>();
    for (const name of this.#typed) {
      const key = optionOfFlag(name);
      const value = this.#flags[name] as Given;
      if (key !== undefined && value !== undefined) flags.set(key, value);
    }
    const config = this.#flags.config;
    const loaded = await loadSettings({ flags, config: typeof config === 'string' ? config : undefined });
    for (const warning of loaded.warnings) this.note(`Warning: ${warning}`);
    return loaded;
  }

  protected override async parse<F extends Output, B extends Output, A extends Output>(
    options?: Input<F, B, A>,
    argv?: string[],
  ): Promise<ParserOutput<F, B, A>> {
    const parsed = await super.parse(options, argv);
    this.#typed = new Set(parsed.raw.flatMap((token) => (token.type === 'flag' ? [token.flag] : [])));
    this.#flags = parsed.flags;
    return parsed;
  }

  /** Whether the JSON of this command is one object a line. */
  protected get printsLines(): boolean {
    return false;
  }

  protected override async catch(error: Error): Promise<never> {
    throw this.printsLines ? new FailureInLines(error.message, { cause: error }) : error;
  }

  protected override logJson(json: unknown): void {
    process.stdout.write(`${JSON.stringify(json, null, 2)}\n`);
  }
}
