import type { Manifest } from '../../bundle/index.ts';
import { Sv72Error } from '../../errors/index.ts';
import { trainingOf } from './training.ts';

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

/** Licences of weights that ask for nothing beyond being named, so no text has to go along. */
const FREE = [
  'apache-2.0',
  'mit',
  'bsd-2-clause',
  'bsd-3-clause',
  'cc0-1.0',
  'cc-by-4.0',
  'isc',
  'unlicense',
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
 * Weights made from weights under a licence that binds derivatives go along with its text.
 *
 * @throws Sv72Error ERR_RELEASE_LICENCE
 */
export function requireLicence(manifest: Manifest): void {
  const base = trainingOf(manifest)?.base;
  const licence = base?.licence?.trim() ?? '';
  if (licence === '' || FREE.includes(licence.toLowerCase())) return;
  if (manifest.files.some(({ role }) => role === 'licence')) return;
  throw new Sv72Error(
    'ERR_RELEASE_LICENCE',
    `The model was made from ${base?.id ?? 'weights'} under ${licence}, whose text has to go with it, and the bundle has no licence file.`,
    { details: { base: base?.id ?? null, licence } },
  );
}
