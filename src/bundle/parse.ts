import { Sv72Error } from '../errors/index.ts';
import { BUNDLE_FORMAT, MANIFEST_NAME, type Manifest, manifestSchema } from './manifest.ts';

/** No honest manifest comes near this, and a parser should not be fed a gigabyte. */
export const MAX_MANIFEST_BYTES = 1 << 20;

/**
 * Reads the text of a manifest.
 *
 * @throws Sv72Error ERR_BUNDLE_INVALID, with the first wrong field in the message and all of them in
 *   `details.problems`; ERR_BUNDLE_FORMAT when it was written for another version of the format.
 */
export function parseManifest(text: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new Sv72Error('ERR_BUNDLE_INVALID', `${MANIFEST_NAME} is not JSON.`, { cause });
  }
  return checkManifest(value);
}

/** As `parseManifest`, for a value that is already parsed. */
export function checkManifest(value: unknown): Manifest {
  const format = typeof value === 'object' && value !== null && 'format' in value ? value.format : undefined;
  if (typeof format === 'number' && format !== BUNDLE_FORMAT) {
    throw new Sv72Error(
      'ERR_BUNDLE_FORMAT',
      `The bundle has format ${format}; this version of sv72 knows format ${BUNDLE_FORMAT}.`,
      { details: { format, known: BUNDLE_FORMAT } },
    );
  }
  const result = manifestSchema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map(
    (issue) => `${issue.path.map(String).join('.') || 'manifest'}: ${issue.message}`,
  );
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  throw new Sv72Error('ERR_BUNDLE_INVALID', `${MANIFEST_NAME} is not valid: ${problems[0]}${more}.`, {
    details: { problems: problems.slice(0, 20) },
  });
}
