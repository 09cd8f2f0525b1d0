import { MANIFEST_NAME, parseManifest } from '../bundle/index.ts';
import { Sv72Error } from '../errors/index.ts';
import { identityOf, requireAccess } from './access.ts';
import type { HubClient } from './client.ts';
import { makeCommit, type Operation } from './commit.ts';
import { readBack } from './read-back.ts';
import { CARD_NAME } from './release/card.ts';
import { gitBlob } from './release/release.ts';
import { SIGNATURE_NAME } from './release/signature.ts';
import { type RemoteFile, type RemoteRepo, remoteCommits, remoteFiles, remoteRepo } from './remote.ts';
import type { Repo } from './repo.ts';
import { hubSource, type ReleaseSource } from './source.ts';
import type { Uploaded, UploadOptions } from './upload.ts';
import { type Verdict, verifyRelease } from './verify.ts';

/** What putting an earlier revision back would do. */
export interface RollbackPlan {
  readonly repo: Repo;
  readonly remote: RemoteRepo;
  /** The whole name of the revision. */
  readonly revision: string;
  /** The release of that revision, checked. */
  readonly verdict: Verdict;
  readonly changes: readonly {
    readonly path: string;
    readonly bytes: number;
    /** null for a file that the earlier release does not list, or that goes. */
    readonly sha256: string | null;
    readonly change: 'add' | 'replace' | 'remove';
  }[];
  /** Whose token it is. */
  readonly user: string;
}

/** Files of a release beside those that its manifest lists. */
const BESIDE = [MANIFEST_NAME, SIGNATURE_NAME, CARD_NAME, 'README.md'];

/**
 * Looks at an earlier revision: it must be a whole, signed release, so that what is put back can be checked by anybody.
 *
 * @param revision a commit, or the beginning of its name (7 digits at least)
 * @throws Sv72Error ERR_HUB_NOT_FOUND, ERR_HUB_READ_BACK when that revision is damaged, ERR_HUB_TOKEN, ERR_HUB_RIGHTS
 */
export async function planRollback(
  client: HubClient,
  repo: Repo,
  revision: string,
  options: Pick<UploadOptions, 'now' | 'onProgress'>,
): Promise<RollbackPlan> {
  const identity = await identityOf(client);
  const remote = await remoteRepo(client, repo);
  if (remote === undefined)
    throw new Sv72Error('ERR_HUB_NOT_FOUND', `There is no repository ${repo.id} to roll back.`);
  requireAccess(repo, identity, true, client.token?.from ?? '');
  const commit = await commitOf(client, repo, revision);
  const verdict = await verifyRelease({
    source: hubSource(client, repo, commit),
    repo: repo.id,
    now: Math.floor(options.now() / 1000),
    onProgress: (progress) => options.onProgress?.({ state: 'reading', ...progress }),
  });
  if (!verdict.ok) {
    const wrong = verdict.findings.filter(({ ok }) => !ok).map(({ sentence }) => sentence);
    throw new Sv72Error(
      'ERR_HUB_READ_BACK',
      `The revision ${commit.slice(0, 7)} is no whole release: ${wrong.join(' ')}`,
      {
        details: { repo: repo.id, revision: commit, wrong },
        next: 'Choose another revision; `sv72 models list --remote` shows them.',
      },
    );
  }
  const [then, now] = [await remoteFiles(client, repo, commit), await remoteFiles(client, repo, remote.head)];
  const hashes = new Map(verdict.manifest?.files.map(({ path, sha256 }) => [path, sha256]));
  if (verdict.manifestSha256 !== null) hashes.set(MANIFEST_NAME, verdict.manifestSha256);
  const mine = new Set([...BESIDE, ...(verdict.manifest?.files.map(({ path }) => path) ?? [])]);
  const changes = [
    ...then
      .filter(({ path }) => mine.has(path))
      .flatMap((file) => {
        const current = now.find(({ path }) => path === file.path);
        if (current?.blob === file.blob && current.sha256 === file.sha256) return [];
        const { path, bytes } = file;
        const change = current ? ('replace' as const) : ('add' as const);
        return [{ path, bytes, sha256: hashes.get(path) ?? null, change }];
      }),
    ...(await listedNow(hubSource(client, repo, remote.head), now))
      .filter((path) => !mine.has(path))
      .flatMap((path) => {
        const current = now.find((file) => file.path === path);
        return current ? [{ path, bytes: current.bytes, sha256: null, change: 'remove' as const }] : [];
      }),
  ];
  return { repo, remote, revision: commit, verdict, changes, user: identity.name };
}

/**
 * Puts the earlier release back as a new commit; large contents are still in the storage and are not sent again.
 *
 * @throws Sv72Error ERR_HUB_*
 */
export async function rollback(
  client: HubClient,
  plan: RollbackPlan,
  options: UploadOptions,
): Promise<Uploaded> {
  const { repo, remote, revision, verdict: before } = plan;
  const then = new Map((await remoteFiles(client, repo, revision)).map((file) => [file.path, file]));
  const source = hubSource(client, repo, revision);
  const operations: Operation[] = [];
  for (const { path, change } of plan.changes) {
    const file = then.get(path);
    operations.push(
      change === 'remove' || file === undefined ? { kind: 'delete', path } : await again(source, file),
    );
  }
  options.onProgress?.({ state: 'committing' });
  const version = before.card.version ?? '';
  const committed = operations.length > 0;
  const made = committed
    ? await makeCommit(client, repo, {
        title: `${before.card.model_name ?? ''} ${version} again`,
        description: `Puts back ${revision}.`,
        parent: remote.head,
        operations,
      })
    : remote.head;
  const hotkey = before.hotkey ?? '';
  const verdict = await readBack(remote.visibility === 'public' ? options.outsider : client, repo, made, {
    hotkey,
    now: options.now,
    onProgress: (progress) => options.onProgress?.({ state: 'reading', ...progress }),
  });
  return {
    committed,
    verdict,
    record: {
      hub: client.url,
      repo: repo.id,
      revision: made,
      model: before.card.model_name ?? '',
      version,
      hotkey,
      submittedAt: before.card.submission_time ?? 0,
      at: options.now(),
      manifestSha256: verdict.manifestSha256 ?? '',
      visibility: remote.visibility,
      rollbackOf: revision,
      files: verdict.files.map(({ path, bytes }) => ({
        path,
        bytes,
        sha256: verdict.manifest?.files.find((file) => file.path === path)?.sha256 ?? '',
      })),
    },
  };
}

async function commitOf(client: HubClient, repo: Repo, revision: string): Promise<string> {
  const name = revision.toLowerCase();
  const commits = /^[0-9a-f]{7,40}$/.test(name) ? await remoteCommits(client, repo, 1000) : [];
  const found = commits.filter(({ id }) => id.startsWith(name));
  if (found[0] !== undefined && found.length === 1) return found[0].id;
  throw new Sv72Error('ERR_HUB_NOT_FOUND', `${repo.id} has no revision ${revision.slice(0, 40)}.`, {
    next: 'Name a commit by its first 7 digits or more; `sv72 models list --remote` shows them.',
  });
}

async function again(source: ReleaseSource, { path, bytes, sha256 }: RemoteFile): Promise<Operation> {
  if (sha256 !== null) return { kind: 'object', path, sha256, bytes };
  const chunks: Uint8Array[] = [];
  for await (const chunk of source.read(path)) chunks.push(chunk);
  const content = Buffer.concat(chunks);
  return { kind: 'content', path, content: new Blob([content]), blob: gitBlob(content) };
}

/** What the present release lists; nothing when it cannot be read. */
async function listedNow(source: ReleaseSource, files: readonly RemoteFile[]): Promise<string[]> {
  if (!files.some(({ path }) => path === MANIFEST_NAME)) return [];
  const chunks: Uint8Array[] = [];
  for await (const chunk of source.read(MANIFEST_NAME)) chunks.push(chunk);
  try {
    return parseManifest(Buffer.concat(chunks).toString('utf8')).files.map(({ path }) => path);
  } catch {
    return [];
  }
}
