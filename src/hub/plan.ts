import { MANIFEST_NAME, parseManifest } from '../bundle/index.ts';
import { Sv72Error } from '../errors/index.ts';
import { identityOf, requireAccess } from './access.ts';
import type { HubClient } from './client.ts';
import { CARD_NAME, compareVersions, parseVersion, readCard } from './release/card.ts';
import { gitBlob, type Release, type ReleaseFile } from './release/release.ts';
import { readSignature, SIGNATURE_NAME } from './release/signature.ts';
import { type RemoteFile, type RemoteRepo, remoteFiles, remoteRepo, type Visibility } from './remote.ts';
import type { Repo } from './repo.ts';
import { hubSource } from './source.ts';

/** What becomes of one file of the repository. */
export interface Change {
  readonly path: string;
  readonly bytes: number;
  /** null for a file that sv72 knows nothing of but its size. */
  readonly sha256: string | null;
  /** `left`: the repository's own, not touched. */
  readonly change: 'add' | 'replace' | 'same' | 'remove' | 'left';
}

/** What publishing a release would do. */
export interface UploadPlan {
  readonly repo: Repo;
  readonly release: Release;
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

export interface PlanOptions {
  readonly repo: Repo;
  readonly release: Release;
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
 * Compares a release with what is published. The token's rights are checked first.
 *
 * @throws Sv72Error ERR_HUB_TOKEN, ERR_HUB_RIGHTS, ERR_RELEASE_VERSION, other ERR_HUB_*
 */
export async function planUpload(client: HubClient, options: PlanOptions): Promise<UploadPlan> {
  const { repo, release } = options;
  const nobody = client.token === undefined && options.lookOnly === true;
  const identity = nobody ? undefined : await identityOf(client);
  const remote = (await remoteRepo(client, repo)) ?? null;
  if (identity && client.token) requireAccess(repo, identity, remote !== null, client.token.from);
  const visibility = options.visibility ?? remote?.visibility ?? 'public';
  const base = { repo, release, remote, visibility, user: identity?.name ?? null };
  const files = remote === null ? [] : await remoteFiles(client, repo, remote.head);
  const published = remote === null ? undefined : await publishedRelease(client, repo, remote.head, files);
  const publishedVersion = published?.version ?? null;
  const same = published !== undefined && isSame(release, published);
  if (same && options.again !== true) {
    const changes = files.map(({ path, bytes, sha256 }) => ({
      path,
      bytes,
      sha256,
      change: 'same' as const,
    }));
    return { ...base, publishedVersion, state: 'published', changes };
  }
  if (publishedVersion !== null && !same) requireHigher(release.card.version, publishedVersion, repo);
  const changes = await changesOf(release, files, published?.listed ?? []);
  return { ...base, publishedVersion, state: remote === null ? 'new' : 'changed', changes };
}

/** A release as the repository holds it. */
interface Published {
  readonly version: string | null;
  readonly hotkey: string | null;
  /** Path and hash of what its manifest lists. */
  readonly listed: readonly { readonly path: string; readonly sha256: string }[];
  /** Whether the signature is valid and for the manifest. */
  readonly whole: boolean;
}

async function publishedRelease(
  client: HubClient,
  repo: Repo,
  head: string,
  files: readonly RemoteFile[],
): Promise<Published | undefined> {
  const source = hubSource(client, repo, head);
  const text = async (path: string) => {
    const file = files.find((candidate) => candidate.path === path);
    if (file === undefined || file.bytes > 1 << 20) return undefined;
    const chunks: Uint8Array[] = [];
    for await (const chunk of source.read(path)) chunks.push(chunk);
    return Buffer.concat(chunks).toString('utf8');
  };
  const cardText = await text(CARD_NAME);
  const card = cardText === undefined ? {} : readCard(cardText, Number.MAX_SAFE_INTEGER).card;
  const manifestText = await text(MANIFEST_NAME);
  const signature = readSignature((await text(SIGNATURE_NAME)) ?? '');
  if (cardText === undefined && manifestText === undefined) return undefined;
  const version = card.version ?? null;
  try {
    const listed = parseManifest(manifestText ?? '').files;
    const complete = listed.every(({ path, bytes }) =>
      files.some((f) => f.path === path && f.bytes === bytes),
    );
    const whole = complete && signature?.valid === true;
    return { version, hotkey: signature?.statement.hotkey ?? null, listed, whole };
  } catch {
    return { version, hotkey: null, listed: [], whole: false };
  }
}

function isSame(release: Release, published: Published): boolean {
  if (!published.whole || published.version !== release.card.version) return false;
  if (published.hotkey !== release.card.submitted_by) return false;
  const payload = (files: readonly { path: string; sha256: string }[]) =>
    files
      .filter(({ path }) => !DATED.includes(path))
      .map(({ path, sha256 }) => `${path} ${sha256}`)
      .sort()
      .join('\n');
  return payload(release.files) === payload(published.listed);
}

function requireHigher(version: string, published: string, repo: Repo): void {
  const [ours, theirs] = [parseVersion(version), parseVersion(published)];
  if (ours === undefined || theirs === undefined || compareVersions(ours, theirs) > 0) return;
  const [major, minor, patch] = theirs;
  throw new Sv72Error(
    'ERR_RELEASE_VERSION',
    `${repo.id} has version ${published} with other files, so ${version} is not higher.`,
    {
      next: `Publish it under a higher version, for example --release-version ${major}.${minor}.${patch + 1}.`,
      details: { published, version },
    },
  );
}

async function changesOf(
  release: Release,
  remote: readonly RemoteFile[],
  listed: Published['listed'],
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
async function isEqual(file: ReleaseFile, old: RemoteFile): Promise<boolean> {
  if (old.bytes !== file.bytes) return false;
  if (old.sha256 !== null) return old.sha256 === file.sha256;
  const blob = file.blob ?? gitBlob(new Uint8Array(await (await file.open()).arrayBuffer()));
  return blob === old.blob;
}
