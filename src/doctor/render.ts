import type { Diagnosis, Status } from './types.ts';

const WORDS: Readonly<Record<Status, string>> = {
  ok: 'ok',
  note: 'note',
  warning: 'WARNING',
  failed: 'FAILED',
  unknown: 'unknown',
  skipped: 'skipped',
};

/** A finding as lines for people: its status in words, the check, the sentence, and the command that mends it. */
export function renderDiagnosis({ status, id, sentence, fix }: Diagnosis): string[] {
  const lines = [`${WORDS[status].padEnd(8)} ${id.padEnd(13)} ${sentence}`];
  if (fix !== undefined && status !== 'ok') lines.push(`${' '.repeat(23)}→ ${fix}`);
  return lines;
}
