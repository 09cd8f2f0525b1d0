import type { Usage } from './protocol.ts';
import type { Budget } from './spec.ts';

/** Most pixels of a patch that a token stands for, among the models in use: 14 × 14. */
const PATCH = 14 * 14;
/** Fewest letters of a token, on average. */
const LETTERS = 2;
/** What a template puts round a question, tokens. */
const AROUND = 64;

/** The most tokens that a request is likely to be counted as. */
export function mostTokens(width: number, height: number, prompt: string, maxTokens: number): Usage {
  return {
    input: Math.ceil((width * height) / PATCH) + Math.ceil(prompt.length / LETTERS) + AROUND,
    output: maxTokens,
  };
}

/** Price of so many tokens, in the money of the budget. */
export function priceOf({ input, output }: Usage, { inputPrice, outputPrice }: Budget): number {
  return (input * inputPrice + output * outputPrice) / 1e6;
}
