import { createHash } from 'node:crypto';
import { MANIFEST_NAME, parseManifest } from '../bundle/index.ts';
import { Sv72Error } from '../errors/index.ts';
import { identityOf, requireAccess } from './access.ts';
import type { HubClient } from './client.ts';
import { type PublishedVersion, publishedVersions } from './history.ts';
import { CARD_NAME, compareVersions, parseVersion, readCard } from './release/card.ts';
import {
  gitBlob,
  type Release,
  type ReleaseDraft,
  type ReleaseFile,
  type UnsignedFile,
} from './release/release.ts';
import { readSignature, SIGNATURE_NAME } from './release/signature.ts';
import { type RemoteFile, type RemoteRepo, remoteFiles, remoteRepo, type Visibility } from './remote.ts';
import type { Repo } from './repo.ts';
import { hubSource } from './source.ts';

/** What becomes of one file of the repository. */
export interface Change {
  readonly path: string;
  readonly bytes: number;
  /** null for a file that sv72 knows nothing of but its size: not its own, or not signed yet. */
  readonly sha256: string | null;
  /** `left`: the repository's own, not touched. */
  readonly change: 'add' | 'replace' | 'same' | 'remove' | 'left';
}

/** What publishing a release would do; of a draft it can only be looked at. */
export interface UploadPlan<R extends ReleaseDraft = Release> {
  readonly repo: Repo;
  readonly release: R;
  /** null: the repository will be made. */
  readonly remote: RemoteRepo | null;
  /** What it will be afterwards. */
  readonly visibility: Visibility;
  /** The version that is published now, null when there is none. */
  readonly publishedVersion: string | null;
  /** `published`: this very release is there, whole, in the last commit. */
  readonly state: 'new' | 'changed' | 'published';
  readonly changes: readonly Change[];
  /** Whose token it is; null when nobody's was given. */
  readonly user: string | null;
}

export interface PlanOptions<R extends ReleaseDraft> {
  readonly repo: Repo;
  readonly release: R;
  /** undefined: as it is, and public for a new one. */
  readonly visibility?: Visibility | undefined;
  /** Publish again what is published already. */
  readonly again?: boolean;
  /** Only a look: without a token, what is public can be compared. */
  readonly lookOnly?: boolean;
}

/** Files that say when and by whom: they differ each time, though the release is the same. */
const DATED = ['README.md', CARD_NAME, MANIFEST_NAME, SIGNATURE_NAME];

/**
 * Compares a release with what is published. The token's rights are checked first. The same release under its version
 * is `published` where every file is as it was signed, and put right where one is not.
 *
 * @throws Sv72Error ERR_HUB_TOKEN, ERR_HUB_RIGHTS, ERR_RELEASE_VERSION, other ERR_HUB_*
 */
export async function planUpload<R extends ReleaseDraft>(
  client: HubClient,
  options: PlanOptions<R>,
): Promise<UploadPlan<R>> {
  const { repo, release } = options;
  const nobody = client.token === undefined && options.lookOnly === true;
  const identity = nobody ? undefined : await identityOf(client);
  const remote = (await remoteRepo(client, repo)) ?? null;
  if (identity && client.token) requireAccess(repo, identity, remote !== null, client.token.from);
  const visibility = options.visibility ?? remote?.visibility ?? 'public';
  const base = { repo, release, remote, visibility, user: identity?.name ?? null };
  if (remote === null) {
    return { ...base, publishedVersion: null, state: 'new', changes: await changesOf(release, [], []) };
  }
  const files = await remoteFiles(client, repo, remote.head);
  const read = async (path: string) => await smallFile(client, repo, remote.head, files, path);
  const published = await publishedRelease(read);
  const publishedVersion = published?.version ?? null;
  if (published !== undefined && isSame(release, published)) {
    if (options.again !== true && (await isWhole(release, published, files, read))) {
      return { ...base, publishedVersion, state: 'published', changes: unchanged(files, published) };
    }
  } else {
    requireHigher(repo, release.card.version, [
      ...(publishedVersion === null ? [] : [{ id: remote.head, version: publishedVersion }]),
      ...(await publishedVersions(client, repo)),
    ]);
  }
  const changes = await changesOf(release, files, published?.listed ?? []);
  return { ...base, publishedVersion, state: 'changed', changes };
}

/** A release as the repository holds it. */
interface Published {
  readonly version: string | null;
  /** Who signed it; null where nobody validly did. */
  readonly hotkey: string | null;
  /** Path and hash of what its manifest lists. */
  readonly listed: readonly Listed[];
}

interface Listed {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

type ReadSmall = (path: string) => Promise<string | undefined>;

async function smallFile(
  client: HubClient,
  repo: Repo,
  head: string,
  files: readonly RemoteFile[],
  path: string,
): Promise<string | undefined> {
  const file = files.find((candidate) => candidate.path === path);
  if (file === undefined || file.bytes > MOST_SMALL) return undefined;
  const chunks: Uint8Array[] = [];
  for await (const chunk of hubSource(client, repo, head).read(path)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

const MOST_SMALL = 1 << 20;

async function publishedRelease(read: ReadSmall): Promise<Published | undefined> {
  const cardText = await read(CARD_NAME);
  const manifestText = await read(MANIFEST_NAME);
  if (cardText === undefined && manifestText === undefined) return undefined;
  const version =
    cardText === undefined ? null : (readCard(cardText, Number.MAX_SAFE_INTEGER).card.version ?? null);
  const signature = readSignature((await read(SIGNATURE_NAME)) ?? '');
  const signed = signature?.valid === true && signature.statement.manifestSha256 === hashOf(manifestText);
  const hotkey = signed ? signature.statement.hotkey : null;
  try {
    return { version, hotkey, listed: parseManifest(manifestText ?? '').files };
  } catch {
    return { version, hotkey, listed: [] };
  }
}

/** Whether it is this release that was published, whatever became of its files since. */
function isSame(release: ReleaseDraft, published: Published): boolean {
  if (published.version !== release.card.version) return false;
  if (published.hotkey !== null && published.hotkey !== release.card.submitted_by) return false;
  const payload = (files: readonly { path: string; sha256: string | null }[]) =>
    files
      .filter(({ path }) => !DATED.includes(path))
      .map(({ path, sha256 }) => `${path} ${sha256}`)
      .sort()
      .join('\n');
  return payload(release.files) === payload(published.listed);
}

/** Whether every file is there as it was signed. Only the page has to be read for that. */
async function isWhole(
  release: ReleaseDraft,
  published: Published,
  files: readonly RemoteFile[],
  read: ReadSmall,
): Promise<boolean> {
  if (published.hotkey === null) return false;
  const there = new Map(files.map((file) => [file.path, file]));
  for (const listed of published.listed) {
    const file = there.get(listed.path);
    if (file?.bytes !== listed.bytes) return false;
    const own = release.files.find(({ path }) => path === listed.path);
    const right =
      file.sha256 === null && DATED.includes(file.path)
        ? hashOf(await read(file.path)) === listed.sha256
        : own !== undefined && (await isEqual(own, file));
    if (!right && file.sha256 !== listed.sha256) return false;
  }
  return true;
}

function unchanged(files: readonly RemoteFile[], { listed }: Published): Change[] {
  const hashes = new Map(listed.map(({ path, sha256 }) => [path, sha256]));
  const ours = new Set([...hashes.keys(), ...DATED]);
  return files.map(({ path, bytes, sha256 }) => ({
    path,
    bytes,
    sha256: sha256 ?? hashes.get(path) ?? null,
    change: ours.has(path) ? 'same' : 'left',
  }));
}

function hashOf(text: string | undefined): string {
  return createHash('sha256')
    .update(text ?? '')
    .digest('hex');
}

/** A version that was published before, even if an earlier one was put back since, is never another thing. */
function requireHigher(repo: Repo, version: string, before: readonly PublishedVersion[]): void {
  const ours = parseVersion(version);
  const [highest] = before
    .flatMap(({ id, version: text }) => {
      const parsed = parseVersion(text);
      return parsed ? [{ id, text, parsed }] : [];
    })
    .sort((a, b) => compareVersions(b.parsed, a.parsed));
  if (ours === undefined || highest === undefined || compareVersions(ours, highest.parsed) > 0) return;
  const [major, minor, patch] = highest.parsed;
  const earlier = before.find((release) => release.version === version);
  throw new Sv72Error(
    'ERR_RELEASE_VERSION',
    `${repo.id} has published version ${highest.text} with other files, so ${version} is not higher.`,
    {
      next: `Publish it under a higher version, for example --release-version ${major}.${minor}.${patch + 1}${earlier && earlier.id !== before[0]?.id ? `, or put ${version} back with --rollback ${earlier.id.slice(0, 12)}` : ''}.`,
      details: { published: highest.text, version },
    },
  );
}

async function changesOf(
  release: ReleaseDraft,
  remote: readonly RemoteFile[],
  listed: readonly Listed[],
): Promise<Change[]> {
  const there = new Map(remote.map((file) => [file.path, file]));
  const changes: Change[] = [];
  for (const file of release.files) {
    const { path, bytes, sha256 } = file;
    const old = there.get(path);
    const change = old === undefined ? 'add' : (await isEqual(file, old)) ? 'same' : 'replace';
    changes.push({ path, bytes, sha256, change });
  }
  const coming = new Set(release.files.map(({ path }) => path));
  const ours = new Set(listed.map(({ path }) => path));
  for (const { path, bytes, sha256 } of remote) {
    if (!coming.has(path)) changes.push({ path, bytes, sha256, change: ours.has(path) ? 'remove' : 'left' });
  }
  return changes.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Whether the repository has this very content. Only small files need to be read for that. */
async function isEqual(file: ReleaseFile | UnsignedFile, old: RemoteFile): Promise<boolean> {
  // A signature that is still to be made will be of another moment.
  if (file.sha256 === null || old.bytes !== file.bytes) return false;
  if (old.sha256 !== null) return old.sha256 === file.sha256;
  const blob = file.blob ?? gitBlob(new Uint8Array(await (await file.open()).arrayBuffer()));
  return blob === old.blob;
}
