import { readFile, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { Sv72Error } from '../errors/index.ts';
import { baseModel, chooseModel } from './choose.ts';
import { digestFile } from './digest.ts';
import { type BundleFile, MANIFEST_NAME, type Manifest, type Precision } from './manifest.ts';
import { MAX_MANIFEST_BYTES, parseManifest } from './parse.ts';

/**
 * A bundle whose files were all found to be what its manifest says. Only `loadBundle` makes one, so a function that
 * takes a VerifiedBundle cannot be handed a folder that nobody checked.
 */
class VerifiedBundle {
  readonly #dir: string;
  readonly manifest: Manifest;

  constructor(dir: string, manifest: Manifest) {
    this.#dir = dir;
    this.manifest = manifest;
  }

  /** The folder, with symbolic links resolved at the time of the check. */
  get dir(): string {
    return this.#dir;
  }

  /** Absolute path of one of the bundle's files. */
  pathOf(file: BundleFile): string {
    return join(this.#dir, file.path);
  }

  /**
   * The ONNX model of a precision; `auto` is the one that variants are made from.
   *
   * @throws Sv72Error ERR_BUNDLE_VARIANT, ERR_VARIANT_STALE
   */
  model(precision: Precision | 'auto' = 'auto'): BundleFile & { precision: Precision } {
    const { manifest } = this;
    return precision === 'auto'
      ? baseModel(manifest).file
      : chooseModel(manifest, 'cpu', { precision }).model.file;
  }

  /**
   * Checks one file again: a long-running process reloads a model long after the bundle was loaded.
   *
   * @throws Sv72Error ERR_BUNDLE_DAMAGED
   */
  check(file: BundleFile): Promise<void> {
    return checkFile(this.#dir, file);
  }
}

export type { VerifiedBundle };

interface LoadOptions {
  /** How a file's SHA-256 is found, for callers that remember those of large files (default: by reading it). */
  readonly digest?: (path: string) => Promise<{ readonly sha256: string }>;
}

/**
 * Reads a bundle and checks every listed file: inside the folder (symbolic links included), regular, of the listed
 * size and SHA-256. Files that are not listed are left alone.
 *
 * @throws Sv72Error ERR_BUNDLE_MISSING, ERR_BUNDLE_INVALID, ERR_BUNDLE_FORMAT or ERR_BUNDLE_DAMAGED, with the reason.
 */
export async function loadBundle(dir: string, options: LoadOptions = {}): Promise<VerifiedBundle> {
  const { root, manifest } = await readBundle(dir);
  for (const file of manifest.files) await checkFile(root, file, options.digest);
  return new VerifiedBundle(root, manifest);
}

/** One listed file and what is wrong with it, if anything. */
export interface FileReport {
  readonly path: string;
  readonly role: BundleFile['role'];
  readonly precision: Precision | null;
  readonly bytes: number;
  readonly ok: boolean;
  readonly problem: string | null;
}

/** As `loadBundle`, but looks at all files and reports on each instead of stopping at the first bad one. */
export async function inspectBundle(dir: string): Promise<{ manifest: Manifest; files: FileReport[] }> {
  const { root, manifest } = await readBundle(dir);
  const files: FileReport[] = [];
  for (const file of manifest.files) {
    const problem = await fileProblem(root, file);
    const { path, role, precision = null, bytes } = file;
    files.push({ path, role, precision, bytes, ok: problem === null, problem });
  }
  return { manifest, files };
}

async function readBundle(dir: string): Promise<{ root: string; manifest: Manifest }> {
  const missing = (cause: unknown) =>
    new Sv72Error(
      'ERR_BUNDLE_MISSING',
      `There is no model bundle in ${dir} (no readable ${MANIFEST_NAME}).`,
      {
        details: { dir },
        cause,
      },
    );
  const root = await realpath(dir).catch((cause: unknown) => {
    throw missing(cause);
  });
  const path = join(root, MANIFEST_NAME);
  const info = await stat(path).catch((cause: unknown) => {
    throw missing(cause);
  });
  if (!info.isFile() || info.size > MAX_MANIFEST_BYTES) {
    throw new Sv72Error(
      'ERR_BUNDLE_INVALID',
      `${path} is not a manifest: it is no file or larger than 1 MiB.`,
    );
  }
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw missing(cause);
  });
  return { root, manifest: parseManifest(text) };
}

async function checkFile(root: string, file: BundleFile, digest?: LoadOptions['digest']): Promise<void> {
  const problem = await fileProblem(root, file, digest);
  if (problem === null) return;
  throw new Sv72Error('ERR_BUNDLE_DAMAGED', `The bundle's file ${file.path} ${problem}.`, {
    details: { file: file.path, dir: root },
  });
}

async function fileProblem(
  root: string,
  file: BundleFile,
  digest: NonNullable<LoadOptions['digest']> = digestFile,
): Promise<string | null> {
  const path = join(root, file.path);
  try {
    const real = await realpath(path);
    if (!real.startsWith(root + sep)) return 'is a link that leads out of the bundle';
    const info = await stat(real);
    if (!info.isFile()) return 'is not a regular file';
    if (info.size !== file.bytes)
      return `has ${info.size} bytes, not the ${file.bytes} that ${MANIFEST_NAME} lists`;
    const { sha256 } = await digest(real);
    return sha256 === file.sha256
      ? null
      : `was changed: its SHA-256 is not the one that ${MANIFEST_NAME} lists`;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'is missing';
    if (code === 'ELOOP') return 'is a link to itself';
    if (typeof code === 'string') return `cannot be read (${code})`;
    throw error;
  }
}
