import { Args } from '@oclif/core';
import { ERRORS, type ErrorCode, Sv72Error } from '../src/errors/index.ts';
import type { ResultOf } from '../src/results/index.ts';
import { Sv72Command } from '../src/ui/index.ts';

export default class Explain extends Sv72Command {
  static override summary = 'Explain an error code: what it means, who has to act, what to do next.';
  static override examples = ['<%= config.bin %> explain ERR_NEEDS_ANSWER'];
  static override args = { code: Args.string({ description: 'code such as ERR_USAGE', required: true }) };

  async run(): Promise<ResultOf<'explain'>> {
    const { args } = await this.parse(Explain);
    const wanted = args.code.toUpperCase();
    const code = (Object.keys(ERRORS) as ErrorCode[]).find((c) => c === wanted || c === `ERR_${wanted}`);
    if (!code) throw new Sv72Error('ERR_UNKNOWN_CODE', `There is no error code ${wanted.slice(0, 60)}.`);
    const entry = ERRORS[code];
    this.say(`${code} (exit code ${entry.exit})`);
    this.say(entry.meaning);
    this.say(`What to do: ${entry.next}`);
    return { code, ...entry };
  }
}
