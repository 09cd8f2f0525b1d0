import { Sv72Error } from '../errors/index.ts';

/**
 * What a failed write means to a person: a full disk says so, any other refusal of the file system is ERR_FILE_WRITE.
 * Errors of another kind come back as they are.
 *
 * @param what the thing that could not be written, as a noun such as "dataset ./streets"
 * @param kept where that lies which was finished before
 */
export function writeFailed(what: string, error: unknown, kept?: string): unknown {
  const code = error instanceof Error && 'code' in error && 'syscall' in error ? error.code : undefined;
  if (typeof code !== 'string') return error;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new Sv72Error('ERR_DISK_FULL', `The disk is full, so the ${what} could not be finished.`, {
      ...(kept !== undefined && { details: { kept } }),
      cause: error,
    });
  }
  return new Sv72Error('ERR_FILE_WRITE', `The ${what} could not be written (${code}).`, { cause: error });
}
