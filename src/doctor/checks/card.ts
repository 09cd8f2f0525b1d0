import { join } from 'node:path';
import { isSs58 } from '../../wallet/index.ts';
import type { Check, DoctorContext } from '../types.ts';

const SECONDS_END = 100_000_000_000;

/** The card beside the model, by the subnet's documents: five fields, the hotkey's address, seconds. */
export const card: Check = {
  id: 'card',
  title: 'model card',
  async run(context) {
    const path = join(context.paths.bundle, 'model_card.json');
    const text = context.readText(path);
    if (text === undefined) {
      return {
        status: 'note',
        sentence: 'The bundle has no model_card.json; it needs one when it is published.',
      };
    }
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return {
        status: 'failed',
        sentence: `${path} is no JSON.`,
        fix: `node --print 'JSON.parse(require("fs").readFileSync("${path}"))'`,
      };
    }
    const wrong = cardProblems(value, context);
    if (wrong.length === 0)
      return { status: 'ok', sentence: 'model_card.json has its five fields and names one of our hotkeys.' };
    return { status: 'failed', sentence: `model_card.json: ${wrong.join('; ')}.`, fix: `$EDITOR ${path}` };
  },
};

/** What is wrong with a card, for people; empty when nothing is. */
export function cardProblems(value: unknown, { hotkeys }: Pick<DoctorContext, 'hotkeys'>): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return ['it is no object'];
  const card: Readonly<Record<string, unknown>> = { ...value };
  const problems: string[] = [];
  for (const field of ['model_name', 'description']) {
    if (typeof card[field] !== 'string' || card[field] === '') problems.push(`${field} is missing`);
  }
  if (typeof card.version !== 'string' || !/^\d+\.\d+\.\d+$/.test(card.version))
    problems.push('version is not X.Y.Z');
  const by = card.submitted_by;
  if (typeof by !== 'string' || !isSs58(by))
    problems.push('submitted_by is no SS58 address (a hotkey’s name does not do)');
  else if (hotkeys.every(({ ss58 }) => ss58 !== by))
    problems.push(`submitted_by ${by} is none of our hotkeys`);
  const time = card.submission_time;
  if (typeof time !== 'number' || !Number.isInteger(time))
    problems.push('submission_time is no whole number');
  else if (time > SECONDS_END) problems.push('submission_time is in milliseconds, not seconds');
  return problems;
}
