import { createHash } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import {
  type BundleFile,
  MANIFEST_NAME,
  type Manifest,
  modelsOf,
  parseManifest,
  type VerifiedBundle,
} from '../../bundle/index.ts';
import { Sv72Error } from '../../errors/index.ts';
import type { Keypair } from '../../wallet/index.ts';
import { CARD_NAME, cardText, type ModelCard, parseVersion } from './card.ts';
import { findCheckpoint, readCheckpoint } from './checkpoint.ts';
import { requireLicence } from './licences.ts';
import { readmeText } from './readme.ts';
import { MOST_SCANNED, refuseContent, refuseName } from './secrets.ts';
import { SIGNATURE_NAME, signatureBytes, signStatement } from './signature.ts';

const README_NAME = 'README.md';
/** How the model was made: others may want to make it again. */
const RECIPE = /(^|\/)recipe\.json$/;

/** One file of a release: what is published, byte by byte. */
export interface ReleaseFile {
  readonly path: string;
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
  /** SHA-1 of it as a git blob, where it is small; else null. */
  readonly blob: string | null;
  /** Its content; from disk it is read in pieces, and fails if the file changed since. */
  open(): Promise<Blob>;
}

/** The signature of a release before it is made: its size is known, nothing else. */
export interface UnsignedFile extends Pick<ReleaseFile, 'path' | 'bytes'> {
  readonly sha256: null;
}

/** A release that may lack its signature: to look at. */
export interface ReleaseDraft {
  readonly manifest: Manifest;
  readonly card: ModelCard;
  readonly manifestSha256: string;
  /** In the order of their paths. */
  readonly files: readonly (ReleaseFile | UnsignedFile)[];
  /** Files of the bundle that stay behind, with the reason. */
  readonly left: readonly { readonly path: string; readonly why: string }[];
  /** undefined: transformers’ pipeline can load the repository; else a sentence that says why not. */
  readonly noCheckpoint: string | undefined;
}

/** Everything that one commit publishes. */
export interface Release extends ReleaseDraft {
  readonly files: readonly ReleaseFile[];
}

/** Who signs a release: what is known of a key without its password. */
export type Author = Pick<Keypair, 'ss58'>;

interface ReleaseOptions {
  readonly bundle: VerifiedBundle;
  /** `owner/name`. */
  readonly repo: string;
  /** Unix seconds. */
  readonly at: number;
  /** X.Y.Z (default: the bundle's own). */
  readonly version?: string | undefined;
  /** Names of variants to publish beside the model; by default those that passed their gate and are not stale. */
  readonly variants?: readonly string[] | undefined;
  /** Whether a checkpoint in the bundle goes along (default true). */
  readonly checkpoint?: boolean;
  /** Markdown of the owner, added to the page. */
  readonly notes?: string | undefined;
  /** Version of sv72, for the page. */
  readonly tool: string;
  /** Text of templates/model-card/README.md. */
  readonly template: string;
}

/**
 * Makes a release of a bundle: an explicit set of its files, and the page, the card, the manifest and the signature
 * that go with them. Nothing is written.
 *
 * @throws Sv72Error ERR_RELEASE_VERSION, ERR_RELEASE_CONTENT, ERR_RELEASE_LICENCE, ERR_RELEASE_CHECKPOINT,
 *   ERR_BUNDLE_VARIANT, ERR_FILE_READ
 */
export async function makeRelease(options: ReleaseOptions & { readonly signer: Keypair }): Promise<Release> {
  const { repo, signer, at } = options;
  const { files, ...unsigned } = await compose(options, signer);
  const { card, manifestSha256 } = unsigned;
  const text = signStatement({ repo, version: card.version, manifestSha256, at }, signer);
  const signature = inMemory(SIGNATURE_NAME, Buffer.from(text));
  await refuseSecrets(signature);
  return { ...unsigned, files: [...files, signature].sort(byPath) };
}

/**
 * The same release without its signature, for which no key has to be unlocked.
 *
 * @throws as `makeRelease`
 */
export async function draftRelease(
  options: ReleaseOptions & { readonly author: Author },
): Promise<ReleaseDraft> {
  const { repo, author, at } = options;
  const { files, ...unsigned } = await compose(options, author);
  const { card, manifestSha256 } = unsigned;
  const bytes = signatureBytes({ repo, version: card.version, manifestSha256, at, hotkey: author.ss58 });
  return { ...unsigned, files: [...files, { path: SIGNATURE_NAME, bytes, sha256: null }].sort(byPath) };
}

/** All of a release but its signature. */
async function compose(options: ReleaseOptions, author: Author): Promise<Release> {
  const { bundle, repo, at } = options;
  const version = versionOf(options);
  requireLicence(bundle.manifest);
  const chosen = await choose(options);

  const card: ModelCard = {
    model_name: bundle.manifest.name,
    description: bundle.manifest.description || bundle.manifest.name,
    version,
    submitted_by: author.ss58,
    submission_time: at,
  };
  const draft: Manifest = {
    ...bundle.manifest,
    version,
    files: chosen.files.map(({ entry }) => entry),
    ...(bundle.manifest.variants && {
      variants: bundle.manifest.variants.filter(({ path }) =>
        chosen.files.some((f) => f.entry.path === path),
      ),
    }),
  };
  const { tool, template, notes } = options;
  const { noCheckpoint } = chosen;
  const readme = generated(
    README_NAME,
    'readme',
    readmeText(draft, { repo, hotkey: author.ss58, at, tool, noCheckpoint, notes, template }),
  );
  const cardFile = generated(CARD_NAME, 'card', cardText(card));
  const listed = [readme, cardFile, ...chosen.files];
  const manifest = { ...draft, files: listed.map(({ entry }) => entry) };
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  parseManifest(text);
  const manifestFile = inMemory(MANIFEST_NAME, Buffer.from(text));
  const files = [manifestFile, ...listed.map(({ file }) => file)];
  for (const file of files) await refuseSecrets(file);
  return { manifest, card, manifestSha256: manifestFile.sha256, files, left: chosen.left, noCheckpoint };
}

async function refuseSecrets(file: ReleaseFile): Promise<void> {
  refuseName(file.path);
  if (file.bytes > MOST_SCANNED) return;
  refuseContent(file.path, new Uint8Array(await (await file.open()).arrayBuffer()));
}

const byPath = (a: { readonly path: string }, b: { readonly path: string }) => (a.path < b.path ? -1 : 1);

/** A file of the release and its line in the manifest. */
interface Listed {
  readonly entry: BundleFile;
  readonly file: ReleaseFile;
}

interface Choice {
  readonly files: readonly Listed[];
  readonly left: Release['left'];
  readonly noCheckpoint: string | undefined;
}

async function choose({ bundle, variants, checkpoint = true }: ReleaseOptions): Promise<Choice> {
  const { manifest } = bundle;
  const files: Listed[] = [];
  const left: { path: string; why: string }[] = [];
  const take = async (entry: BundleFile) =>
    files.push({ entry, file: await onDisk(entry, bundle.pathOf(entry)) });

  const models = modelsOf(manifest);
  for (const name of variants ?? []) {
    if (models.some((model) => model.name === name)) continue;
    const available = models.map((model) => model.name);
    throw new Sv72Error(
      'ERR_BUNDLE_VARIANT',
      `The bundle has no variant ${name}, only ${available.join(', ')}.`,
      {
        details: { variant: name, available },
      },
    );
  }
  for (const { file, name, record, stale } of models) {
    if (record === null) await take(file);
    else if (variants !== undefined && !variants.includes(name))
      left.push({ path: file.path, why: 'not chosen' });
    else if (stale) left.push({ path: file.path, why: 'made from another graph' });
    else if (!record.gate.passed) left.push({ path: file.path, why: 'did not pass its gate' });
    else await take(file);
  }
  for (const file of manifest.files) {
    if (['model-data', 'licence', 'notice', 'metrics'].includes(file.role)) await take(file);
    else if (file.role === 'engine') left.push({ path: file.path, why: 'built for one machine' });
  }
  const found = checkpoint ? findCheckpoint(manifest) : 'The checkpoint was left out.';
  if (typeof found !== 'string') {
    files.push(
      await atRoot(bundle, found.weights, 'model.safetensors'),
      generated('config.json', 'other', await readCheckpoint(bundle.dir, found)),
    );
    if (found.preprocessor) files.push(await atRoot(bundle, found.preprocessor, 'preprocessor_config.json'));
  }
  const mapped = typeof found === 'string' ? [] : [found.weights, found.config, found.preprocessor];
  for (const file of manifest.files) {
    if (file.role === 'readme' || file.role === 'card')
      left.push({ path: file.path, why: 'the bundle’s own; it is written anew' });
    if (file.role !== 'other' || mapped.includes(file)) continue;
    if (RECIPE.test(file.path)) await take(file);
    else left.push({ path: file.path, why: 'of no use to others' });
  }
  return { files, left, noCheckpoint: typeof found === 'string' ? found : undefined };
}

/** A file under the name that the pipeline looks for. */
async function atRoot(bundle: VerifiedBundle, entry: BundleFile, path: string): Promise<Listed> {
  const moved = { ...entry, path };
  return { entry: moved, file: await onDisk(moved, bundle.pathOf(entry)) };
}

function generated(path: string, role: BundleFile['role'], text: string): Listed {
  const file = inMemory(path, Buffer.from(text));
  return { entry: { path, role, sha256: file.sha256, bytes: file.bytes }, file };
}

function inMemory(path: string, content: Buffer<ArrayBuffer>): ReleaseFile {
  return {
    path,
    bytes: content.length,
    sha256: createHash('sha256').update(content).digest('hex'),
    blob: gitBlob(content),
    open: async () => new Blob([content]),
  };
}

async function onDisk({ path, bytes, sha256 }: BundleFile, source: string): Promise<ReleaseFile> {
  // Opened now, just after the bundle was checked: reading fails when the file is another one by then.
  const blob = await openAsBlob(source);
  return { path, bytes, sha256, blob: null, open: async () => blob };
}

/** Name of a content in git, by which the Hub's listing tells small files apart. */
export function gitBlob(content: Uint8Array): string {
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
}

function versionOf({ version, bundle }: ReleaseOptions): string {
  const wanted = version ?? bundle.manifest.version;
  if (parseVersion(wanted)) return wanted;
  throw new Sv72Error(
    'ERR_RELEASE_VERSION',
    `The card takes versions as X.Y.Z, and ${version === undefined ? 'the bundle has' : 'this is'} ${wanted}.`,
  );
}
