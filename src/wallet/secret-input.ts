import { createReadStream, fstatSync, fsyncSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { Sv72Error } from '../errors/index.ts';
import { hasCode } from './files.ts';

/** A secret is a line or a small file; more than this is a mistake. */
const MAX_SECRET_BYTES = 64 * 1024;

/**
 * Reads a secret from a file descriptor until its end, without the one newline that `echo` adds.
 * @param stdin what to read for descriptor 0
 * @throws ERR_FILE_READ when the descriptor is not open, ERR_PASSWORD_SOURCE when it is empty, too long or not text
 */
export async function readSecret(fd: number, stdin: Readable = process.stdin): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of fd === 0 ? stdin : createReadStream('', { fd, autoClose: false })) {
      chunks.push(Buffer.from(chunk));
      length += chunk.length;
      if (length > MAX_SECRET_BYTES) break;
    }
  } catch (cause) {
    throw new Sv72Error('ERR_FILE_READ', `File descriptor ${fd} cannot be read.`, {
      cause,
      next: `Open it in the shell, for example \`${fd}<secret.txt\`.`,
    });
  }
  return asText(Buffer.concat(chunks), `file descriptor ${fd}`).replace(/\r?\n$/, '');
}

/**
 * Reads a password file; spaces and newlines at both ends do not count, as in btcli.
 * @throws ERR_FILE_READ, ERR_PASSWORD_SOURCE
 */
export async function readPasswordFile(path: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readAtMost(path, MAX_SECRET_BYTES);
  } catch (cause) {
    // Who gives the password instead of a path does not find it in an error.
    throw new Sv72Error('ERR_FILE_READ', 'The password file cannot be read.', { cause });
  }
  return asText(bytes, 'the password file').trim();
}

/**
 * Reads a file, and at most one byte more than it may have: a device that never ends does not hold us up.
 * @param most bytes
 */
export async function readAtMost(path: string, most: number): Promise<Buffer> {
  const file = await open(path);
  try {
    const buffer = Buffer.alloc(most + 1);
    let length = 0;
    while (length < buffer.length) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return buffer.subarray(0, length);
  } finally {
    await file.close();
  }
}

function asText(bytes: Buffer, from: string): string {
  if (bytes.length > MAX_SECRET_BYTES) throw bad(`What came from ${from} is too long to be a secret.`);
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    if (text.trim() !== '') return text;
  } catch {
    throw bad(`What came from ${from} is not text.`);
  }
  throw bad(`Nothing came from ${from}.`);
}

/**
 * Makes sure that a descriptor can take a mnemonic before the key exists that the mnemonic is for.
 * @throws ERR_NOWHERE_TO_SHOW
 */
export function requireWritable(fd: number): void {
  try {
    fstatSync(fd);
    writeSync(fd, '');
  } catch (cause) {
    throw new Sv72Error(
      'ERR_NOWHERE_TO_SHOW',
      `File descriptor ${fd} cannot be written to; nothing was created.`,
      {
        cause,
      },
    );
  }
}

/**
 * Writes a mnemonic and a newline to a descriptor, whole.
 * @throws ERR_NOWHERE_TO_SHOW
 */
export function writeSecret(fd: number, secret: string): void {
  const bytes = Buffer.from(`${secret}\n`);
  try {
    for (let written = 0; written < bytes.length; ) written += writeSome(fd, bytes.subarray(written));
    synced(fd);
  } catch (cause) {
    throw new Sv72Error(
      'ERR_NOWHERE_TO_SHOW',
      `The mnemonic could not be written to file descriptor ${fd}, so nothing was created.`,
      { cause },
    );
  }
}

/** A pipe that is full for the moment takes more as soon as its reader goes on. */
function writeSome(fd: number, bytes: Uint8Array): number {
  try {
    return writeSync(fd, bytes);
  } catch (error) {
    if (hasCode(error, 'EAGAIN')) return 0;
    throw error;
  }
}

/** A file is on the disk before the key is; pipes and terminals have nothing to sync. */
function synced(fd: number): void {
  try {
    fsyncSync(fd);
  } catch (error) {
    if (!hasCode(error, 'EINVAL', 'ENOTSUP', 'EROFS')) throw error;
  }
}

const bad = (message: string) => new Sv72Error('ERR_PASSWORD_SOURCE', message);
