import { join } from 'node:path';
import { isSs58 } from '../../wallet/index.ts';
import { about } from '../about.ts';
import type { Check, DoctorContext, Finding } from '../types.ts';
import { bundlesOf } from './bundle.ts';

const SECONDS_END = 100_000_000_000;

/** The card beside the model, by the subnet's documents: five fields, the hotkey's address, seconds. */
export const card: Check = {
  id: 'card',
  title: 'model card',
  async run(context) {
    const bundles = bundlesOf(context);
    if (bundles.length === 0)
      return { status: 'skipped', sentence: 'A chat model on a server answers; there is no bundle.' };
    return bundles.map(({ dir, miners }) => {
      const path = join(dir, 'model_card.json');
      return about(context, miners, findingOf(path, context.readText(path), context, miners));
    });
  },
};

function findingOf(
  path: string,
  text: string | undefined,
  context: Pick<DoctorContext, 'miners'>,
  names: readonly string[],
): Finding {
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
  const wrong = cardProblems(value, context, names);
  if (wrong.length === 0)
    return { status: 'ok', sentence: 'model_card.json has its five fields and names one of our hotkeys.' };
  return { status: 'failed', sentence: `model_card.json: ${wrong.join('; ')}.`, fix: `$EDITOR ${path}` };
}

/**
 * What is wrong with a card, for people; empty when nothing is.
 *
 * @param names of the miners that answer with the model
 */
export function cardProblems(
  value: unknown,
  { miners }: { readonly miners: readonly Pick<DoctorContext['miners'][number], 'name' | 'ss58'>[] },
  names: readonly string[],
): string[] {
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
  else {
    const whose = miners.find(({ ss58 }) => ss58 === by);
    if (whose === undefined) problems.push(`submitted_by ${by} is none of our hotkeys`);
    else if (!names.includes(whose.name))
      problems.push(`submitted_by is "${whose.name}", which does not answer with this model`);
  }
  const time = card.submission_time;
  if (typeof time !== 'number' || !Number.isInteger(time))
    problems.push('submission_time is no whole number');
  else if (time > SECONDS_END) problems.push('submission_time is in milliseconds, not seconds');
  return problems;
}
