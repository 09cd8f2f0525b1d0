import { Sv72Error } from '../errors/index.ts';
import { CHECKS } from './checks/index.ts';
import type { Check } from './types.ts';

/**
 * The checks of these names, in the usual order; all of them when none is named.
 * @throws ERR_USAGE for a name that is none
 */
export function chosenChecks(names: readonly string[] | undefined): readonly Check[] {
  if (names === undefined || names.length === 0) return CHECKS;
  const unknown = names.filter((name) => !CHECKS.some(({ id }) => id === name));
  if (unknown.length > 0) {
    throw new Sv72Error('ERR_USAGE', `There is no check called ${unknown.join(', ')}.`, {
      next: `The checks are ${CHECKS.map(({ id }) => id).join(', ')}.`,
    });
  }
  return CHECKS.filter(({ id }) => names.includes(id));
}
