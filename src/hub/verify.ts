import { createHash } from 'node:crypto';
import { MANIFEST_NAME, type Manifest, parseManifest } from '../bundle/index.ts';
import { Sv72Error } from '../errors/index.ts';
import { printable } from './plain.ts';
import { CARD_NAME, type ModelCard, readCard } from './release/card.ts';
import { readSignature, SIGNATURE_NAME, type SignatureFile } from './release/signature.ts';
import type { ReleaseSource } from './source.ts';

/** One thing that was looked at. */
export interface Finding {
  readonly name: 'manifest' | 'files' | 'signature' | 'repository' | 'hotkey' | 'card';
  readonly ok: boolean;
  /** One sentence. */
  readonly sentence: string;
}

interface CheckedFile {
  readonly path: string;
  readonly bytes: number;
  /** What is wrong with it; null when nothing is. */
  readonly problem: string | null;
}

/** What somebody outside can say of a release. */
export interface Verdict {
  readonly ok: boolean;
  readonly findings: readonly Finding[];
  /** Every file that the manifest lists. */
  readonly files: readonly CheckedFile[];
  /** Files beside these: the signature does not speak of them. */
  readonly unlisted: readonly string[];
  readonly manifest: Manifest | null;
  readonly manifestSha256: string | null;
  readonly card: Partial<ModelCard>;
  /** Who signed, where the signature is valid. */
  readonly hotkey: string | null;
}

export interface VerifyOptions {
  readonly source: ReleaseSource;
  /** Where it was found, `owner/name`; undefined for a folder, which may have come from anywhere. */
  readonly repo?: string | undefined;
  /** SS58 address of the hotkey that should have signed. */
  readonly hotkey?: string | undefined;
  /** Unix seconds. */
  readonly now: number;
  readonly onProgress?: (progress: {
    readonly path: string;
    readonly read: number;
    readonly bytes: number;
  }) => void;
}

const MOST_SMALL = 1 << 20;

/** Files that are there without being listed: the list itself, its signature, and what the Hub adds. */
const BESIDE = [MANIFEST_NAME, SIGNATURE_NAME, '.gitattributes', '.gitignore'];

/**
 * Checks a release as anybody can: every listed file by size and SHA-256, the hotkey's signature over the list, and the
 * card's fields. Nothing that is wrong with the release throws.
 *
 * @throws Sv72Error ERR_HUB_* and ERR_FILE_READ when it cannot be read
 */
export async function verifyRelease(options: VerifyOptions): Promise<Verdict> {
  const { source, now } = options;
  const sizes = new Map((await source.list()).map(({ path, bytes }) => [path, bytes]));
  const small = async (path: string) => (sizes.has(path) ? await readSmall(source, path) : undefined);

  const manifestBytes = await small(MANIFEST_NAME);
  const manifestSha256 = manifestBytes ? createHash('sha256').update(manifestBytes).digest('hex') : null;
  const { manifest, finding: listing } = manifestOf(manifestBytes);
  const signatureBytes = await small(SIGNATURE_NAME);
  const signature = signatureBytes && readSignature(signatureBytes.toString('utf8'));
  const cardBytes = await small(CARD_NAME);
  const { card, problems } = cardBytes
    ? readCard(cardBytes.toString('utf8'), now)
    : { card: {}, problems: ['it is missing'] };

  const files: CheckedFile[] = [];
  for (const { path, bytes, sha256 } of manifest?.files ?? []) {
    files.push({ path, bytes, problem: await fileProblem(options, sizes, { path, bytes, sha256 }) });
  }
  const findings = [
    listing,
    ...(manifest ? [filesFinding(files)] : []),
    ...signatureFindings(signature, signatureBytes !== undefined, manifest, manifestSha256, options),
    cardFinding(card, problems, manifest, signature),
  ].map((finding) => ({ ...finding, sentence: printable(finding.sentence) }));
  const listed = new Set(manifest?.files.map(({ path }) => path));
  return {
    ok: findings.every(({ ok }) => ok),
    findings,
    files,
    unlisted: [...sizes.keys()].filter((path) => !listed.has(path) && !BESIDE.includes(path)).sort(),
    manifest,
    manifestSha256,
    card,
    hotkey: signature?.valid ? signature.statement.hotkey : null,
  };
}

function manifestOf(bytes: Buffer | undefined): { manifest: Manifest | null; finding: Finding } {
  const finding = (ok: boolean, sentence: string): Finding => ({ name: 'manifest', ok, sentence });
  if (bytes === undefined)
    return {
      manifest: null,
      finding: finding(false, `There is no ${MANIFEST_NAME}: it was not published with sv72.`),
    };
  try {
    const manifest = parseManifest(bytes.toString('utf8'));
    return {
      manifest,
      finding: finding(true, `${manifest.name} ${manifest.version}, ${manifest.files.length} files.`),
    };
  } catch (error) {
    if (!(error instanceof Sv72Error)) throw error;
    return { manifest: null, finding: finding(false, error.message) };
  }
}

function filesFinding(files: readonly CheckedFile[]): Finding {
  const bad = files.filter(({ problem }) => problem !== null);
  const sentence =
    bad.length === 0
      ? 'Every listed file has the listed size and SHA-256.'
      : `${bad.map(({ path, problem }) => `${path} ${problem}`).join('; ')}.`;
  return { name: 'files', ok: bad.length === 0, sentence };
}

function signatureFindings(
  signature: SignatureFile | undefined,
  there: boolean,
  manifest: Manifest | null,
  manifestSha256: string | null,
  { repo, hotkey }: VerifyOptions,
): Finding[] {
  const one = (ok: boolean, sentence: string): Finding => ({ name: 'signature', ok, sentence });
  if (!there) return [one(false, `There is no ${SIGNATURE_NAME}: nobody vouches for these files.`)];
  if (signature === undefined) return [one(false, `${SIGNATURE_NAME} is not a signature that sv72 knows.`)];
  const { statement, valid } = signature;
  if (!valid) return [one(false, `The signature is not one of ${statement.hotkey}.`)];
  if (statement.manifestSha256 !== manifestSha256)
    return [one(false, `The signature is for another ${MANIFEST_NAME} than the one that is here.`)];
  if (manifest !== null && manifest.version !== statement.version)
    return [one(false, `The signature is for version ${statement.version}, not ${manifest.version}.`)];
  const findings = [one(true, `Signed by ${statement.hotkey}.`)];
  if (repo !== undefined) {
    const same = statement.repo.toLowerCase() === repo.toLowerCase();
    findings.push({
      name: 'repository',
      ok: same,
      sentence: same ? `Signed for ${repo}.` : `It was signed for ${statement.repo}, not for ${repo}.`,
    });
  }
  if (hotkey !== undefined) {
    const same = statement.hotkey === hotkey;
    findings.push({
      name: 'hotkey',
      ok: same,
      sentence: same
        ? 'The signer is the hotkey asked for.'
        : `The signer is ${statement.hotkey}, not ${hotkey}.`,
    });
  }
  return findings;
}

function cardFinding(
  card: Partial<ModelCard>,
  problems: readonly string[],
  manifest: Manifest | null,
  signature: SignatureFile | undefined,
): Finding {
  const wrong = [...problems];
  if (manifest && card.version !== undefined && card.version !== manifest.version)
    wrong.push(`it says version ${card.version}, ${MANIFEST_NAME} says ${manifest.version}`);
  if (signature?.valid && card.submitted_by !== undefined && card.submitted_by !== signature.statement.hotkey)
    wrong.push('it names another hotkey than the one that signed');
  const at = card.submission_time === undefined ? '' : new Date(card.submission_time * 1000).toISOString();
  return {
    name: 'card',
    ok: wrong.length === 0,
    sentence:
      wrong.length === 0
        ? `${CARD_NAME}: version ${card.version} by ${card.submitted_by}, submitted ${at}.`
        : `${CARD_NAME}: ${wrong.join('; ')}.`,
  };
}

async function fileProblem(
  { source, onProgress }: VerifyOptions,
  sizes: ReadonlyMap<string, number>,
  listed: { readonly path: string; readonly bytes: number; readonly sha256: string },
): Promise<string | null> {
  const { path, bytes, sha256 } = listed;
  const there = sizes.get(path);
  if (there === undefined) return 'is missing';
  if (there !== bytes) return `has ${there} bytes, not the listed ${bytes}`;
  const hash = createHash('sha256');
  let read = 0;
  for await (const chunk of source.read(path)) {
    hash.update(chunk);
    read += chunk.length;
    onProgress?.({ path, read, bytes });
    if (read > bytes) return `has more than the listed ${bytes} bytes`;
  }
  if (read !== bytes) return `has ${read} bytes, not the listed ${bytes}`;
  return hash.digest('hex') === sha256 ? null : 'has another SHA-256 than the listed one';
}

/** A file that is small if it is honest. */
async function readSmall(source: ReleaseSource, path: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of source.read(path)) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MOST_SMALL) break;
  }
  return Buffer.concat(chunks);
}
