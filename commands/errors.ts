import { ERRORS } from '../src/errors/index.ts';
import type { ResultOf } from '../src/results/index.ts';
import { Sv72Command } from '../src/ui/index.ts';

export default class Errors extends Sv72Command {
  static override summary = 'List every error code with its exit code and meaning.';
  static override examples = ['<%= config.bin %> errors', '<%= config.bin %> errors --json'];

  async run(): Promise<ResultOf<'errors'>> {
    await this.parse(Errors);
    const errors = Object.entries(ERRORS).map(([code, entry]) => ({ code, ...entry }));
    const width = Math.max(...errors.map((error) => error.code.length));
    for (const error of errors) {
      this.say(`${error.code.padEnd(width)}  ${String(error.exit).padStart(3)}  ${error.meaning}`);
    }
    return { errors };
  }
}
