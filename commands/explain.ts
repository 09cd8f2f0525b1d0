import { Args } from '@oclif/core';
import { ERRORS, type ErrorCode, Sv72Error } from '../src/errors/index.ts';
import type { ResultOf } from '../src/results/index.ts';
import { Sv72Command } from '../src/ui/index.ts';

export default class Explain extends Sv72Command {
  static override summary = 'Explain an error code, or the chain’s own word for a refusal.';
  static override description =
    'Says what an error means, who has to act and what to do next: for the codes of sv72, for names of the chain such as NotEnoughBalanceToStake, and for what nodes say when they refuse a transaction, such as "Custom error: 12". No chain is asked.';
  static override examples = [
    '<%= config.bin %> explain ERR_NEEDS_ANSWER',
    '<%= config.bin %> explain NotEnoughBalanceToStake',
    '<%= config.bin %> explain "1010: Invalid Transaction: Custom error: 12"',
  ];
  static override args = {
    code: Args.string({
      description: 'code such as ERR_USAGE, a name of the chain, or the text of a node',
      required: true,
    }),
  };

  async run(): Promise<ResultOf<'explain'>> {
    const { args } = await this.parse(Explain);
    const wanted = args.code.toUpperCase();
    const code = (Object.keys(ERRORS) as ErrorCode[]).find((c) => c === wanted || c === `ERR_${wanted}`);
    return code ? this.#ours(code) : await this.#chains(args.code);
  }

  #ours(code: ErrorCode): ResultOf<'explain'> {
    const entry = ERRORS[code];
    this.say(`${code} (exit code ${entry.exit})`);
    this.say(entry.meaning);
    this.say(`What to do: ${entry.next}`);
    return { code, ...entry };
  }

  async #chains(word: string): Promise<ResultOf<'explain'>> {
    const { explainChainWord } = await import('../src/chain/index.ts');
    const found = explainChainWord(word);
    if (!found) {
      throw new Sv72Error(
        'ERR_UNKNOWN_CODE',
        `There is no error code ${word.slice(0, 60)}, and no such error of the chain.`,
      );
    }
    const { name, custom, code, meaning, next } = found;
    this.say(`${name} (an error of the chain${custom === undefined ? '' : `, “Custom error: ${custom}”`})`);
    this.say(meaning);
    this.say(`What to do: ${next}`);
    return { name, custom: custom ?? null, code, meaning, next };
  }
}
