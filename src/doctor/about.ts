import type { DoctorContext, Finding } from './types.ts';

/** Names on one line. */
const MOST = 4;

/**
 * A finding about some of the miners. Where there are several, its sentence begins with whose it is.
 *
 * @param names of these miners
 */
export function about(
  { miners }: Pick<DoctorContext, 'miners'>,
  names: readonly string[],
  finding: Finding,
): Finding {
  const ordered = miners.map(({ name }) => name).filter((name) => names.includes(name));
  const sentence = miners.length > 1 ? `${namesText(ordered)}: ${finding.sentence}` : finding.sentence;
  return { ...finding, sentence, miners: ordered };
}

function namesText(names: readonly string[]): string {
  if (names.length <= MOST) return names.join(', ');
  return `${names.slice(0, MOST - 1).join(', ')} and ${names.length - MOST + 1} more`;
}

/** Opens the file of the settings: an entry of `miners` cannot be set from a command line. */
export const EDIT = '$EDITOR "$(sv72 config path)"';
