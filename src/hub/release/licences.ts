import type { Manifest } from '../../bundle/index.ts';
import { Sv72Error } from '../../errors/index.ts';
import { plainText } from '../plain.ts';

/** Identifiers of the Hub for licences that a model comes under, by their SPDX name in lower case. */
const KNOWN = [
  'apache-2.0',
  'mit',
  'bsd-2-clause',
  'bsd-3-clause',
  'cc0-1.0',
  'cc-by-3.0',
  'cc-by-4.0',
  'cc-by-sa-3.0',
  'cc-by-sa-4.0',
  'cc-by-nc-4.0',
  'cc-by-nc-sa-4.0',
  'cc-by-nd-4.0',
  'gpl-3.0',
  'lgpl-3.0',
  'agpl-3.0',
  'mpl-2.0',
  'isc',
  'unlicense',
  'openrail',
  'creativeml-openrail-m',
];

/** The metadata fields of a licence: one the Hub knows, or `other` with its name. */
export function licenceFields(licence: string, file: string | undefined): Record<string, string> {
  const id = licence.trim().toLowerCase();
  if (KNOWN.includes(id)) return { license: id };
  return {
    license: 'other',
    license_name: id.replace(/[^a-z0-9.]+/g, '-').replace(/^-+|-+$/g, '') || 'own',
    ...(file !== undefined && { license_link: file }),
  };
}

/**
 * Weights made from weights under a licence that binds derivatives stay under it and go along with its text.
 *
 * @throws Sv72Error ERR_RELEASE_LICENCE
 */
export function requireLicence(manifest: Manifest): void {
  const base = manifest.training?.base;
  if (!base?.binds) return;
  if (manifest.licence.toLowerCase() !== base.licence.toLowerCase()) {
    throw new Sv72Error(
      'ERR_RELEASE_LICENCE',
      `The model was made from ${base.id}, whose derivatives stay under ${base.licence}, and the bundle says ${plainText(manifest.licence)}.`,
      {
        details: { base: base.id, licence: base.licence, stated: manifest.licence },
        next: `Write the bundle again with the licence ${base.licence}.`,
      },
    );
  }
  if (manifest.files.some(({ role }) => role === 'licence')) return;
  throw new Sv72Error(
    'ERR_RELEASE_LICENCE',
    `The model was made from ${base.id} under ${base.licence}, whose text has to go with it, and the bundle has no licence file.`,
    { details: { base: base.id, licence: base.licence } },
  );
}

/**
 * The Hub's id of the weights that a model began with, for `base_model`: timm publishes its own there.
 *
 * @returns undefined for one trained from nothing or from a file
 */
export function baseModelId({ training }: Manifest): string | undefined {
  const base = training?.base;
  if (base?.weights !== 'hub' || !/^[\w.-]+$/.test(base.id)) return undefined;
  return `timm/${base.id}`;
}
