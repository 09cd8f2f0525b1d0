import { Sv72Error } from '../errors/index.ts';

/** How a dataset says that nothing is known of a licence. */
export const UNKNOWN_LICENCE = 'unknown';

/**
 * The licence to write down, or a refusal where there is none and nobody took that upon themselves.
 *
 * @throws Sv72Error ERR_DATA_LICENCE
 */
export function requireLicence(licence: string | null | undefined, title: string, accepted: boolean): string {
  const known = licence?.trim();
  if (known && known.toLowerCase() !== UNKNOWN_LICENCE) return known;
  if (accepted) return UNKNOWN_LICENCE;
  throw new Sv72Error('ERR_DATA_LICENCE', `Under which licence ${title} may be used is not known.`, {
    details: { source: title },
  });
}
