import { Sv72Error } from '../errors/index.ts';

/** What every question needs to say: the flag (or variable) that answers it without a terminal. */
export interface Question {
  /** How to answer without being asked, for example `--wallet-name` or `--password-fd`. */
  readonly flag: string;
  readonly message: string;
}

export interface TextQuestion extends Question {
  readonly default?: string;
  readonly validate?: (text: string) => true | string;
}

export interface ConfirmQuestion extends Question {
  /** What Enter means; no, unless said. */
  readonly default?: boolean;
}

export interface SelectQuestion<T extends string> extends Question {
  readonly choices: readonly { readonly value: T; readonly name: string; readonly description?: string }[];
  readonly default?: T;
}

export interface AskOptions {
  /** Whether a person is there: stdin and stderr are terminals and neither --json nor --quiet is set. */
  readonly interactive: boolean;
  /** --yes: confirmations are answered with yes. */
  readonly yes: boolean;
}

/**
 * Questions to the person at the terminal, on stderr, so that stdout carries the result alone.
 * Without a terminal each refuses with ERR_NEEDS_ANSWER and names the flag that answers it.
 */
export class Ask {
  readonly #options: AskOptions;

  constructor(options: AskOptions) {
    this.#options = options;
  }

  get interactive(): boolean {
    return this.#options.interactive;
  }

  async text(question: TextQuestion): Promise<string> {
    this.#refuseWithoutTerminal(question);
    const { input } = await import('@inquirer/prompts');
    return await asked(() =>
      input(
        {
          message: question.message,
          ...(question.default !== undefined && { default: question.default }),
          ...(question.validate && { validate: question.validate }),
        },
        { output: process.stderr },
      ),
    );
  }

  async password(question: Question): Promise<string> {
    this.#refuseWithoutTerminal(question);
    const { password } = await import('@inquirer/prompts');
    return await asked(() => password({ message: question.message }, { output: process.stderr }));
  }

  /** @returns the answer; with --yes always true */
  async confirm(question: ConfirmQuestion): Promise<boolean> {
    if (this.#options.yes) return true;
    this.#refuseWithoutTerminal(question);
    const { confirm } = await import('@inquirer/prompts');
    return await asked(() =>
      confirm({ message: question.message, default: question.default ?? false }, { output: process.stderr }),
    );
  }

  /** For what cannot be undone: the person types `expected`. --yes does not answer it. */
  async typed(question: Question & { readonly expected: string }): Promise<boolean> {
    this.#refuseWithoutTerminal(question);
    const { input } = await import('@inquirer/prompts');
    const answer = await asked(() => input({ message: question.message }, { output: process.stderr }));
    return answer.trim() === question.expected;
  }

  async select<T extends string>(question: SelectQuestion<T>): Promise<T> {
    this.#refuseWithoutTerminal(question);
    const { select } = await import('@inquirer/prompts');
    return await asked(() =>
      select<T>(
        {
          message: question.message,
          choices: question.choices.map((choice) => ({ ...choice })),
          ...(question.default !== undefined && { default: question.default }),
        },
        { output: process.stderr },
      ),
    );
  }

  #refuseWithoutTerminal(question: Question): void {
    if (this.#options.interactive) return;
    throw new Sv72Error(
      'ERR_NEEDS_ANSWER',
      `This would have to be asked, and there is no terminal to ask on: ${question.message.replace(/[:?]\s*$/, '')}.`,
      {
        next: `Answer it with ${question.flag}, or run the command in a terminal.`,
        details: { flag: question.flag },
      },
    );
  }
}

/** Ctrl-C at a question is an interruption like any other. */
async function asked<T>(question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError') {
      throw new Sv72Error('ERR_INTERRUPTED', 'Interrupted; nothing was changed.');
    }
    throw error;
  }
}
