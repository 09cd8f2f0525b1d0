import { Sv72Error } from '../errors/index.ts';
import type { UploadRecord } from '../store/index.ts';
import type { HubClient } from './client.ts';
import { makeCommit, type Operation } from './commit.ts';
import { PUBLISHED_BY } from './history.ts';
import { largePaths } from './modes.ts';
import { type ObjectProgress, sendObjects } from './objects.ts';
import type { UploadPlan } from './plan.ts';
import { readBack } from './read-back.ts';
import { changedFile } from './refusal.ts';
import { gitBlob, type ReleaseFile } from './release/release.ts';
import { makeRepo, remoteCommits, remoteRepo, removeRepo, setVisibility, type Visibility } from './remote.ts';
import type { Repo } from './repo.ts';
import type { Verdict } from './verify.ts';

/** How far publishing is. */
export type UploadProgress =
  | ObjectProgress
  | { readonly state: 'committing' | 'visibility' }
  | { readonly state: 'reading'; readonly path: string; readonly read: number; readonly bytes: number };

export interface UploadOptions {
  /** Reads as anybody, without the token. */
  readonly outsider: HubClient;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly onProgress?: (progress: UploadProgress) => void;
}

export interface Uploaded {
  readonly record: UploadRecord;
  /** false: it was published before, and only looked at. */
  readonly committed: boolean;
  /** What was found when it was read back: without the token where the repository is public. */
  readonly verdict: Verdict;
}

/**
 * Publishes a release in one commit, and reads it back. Interrupted at any moment, the repository is as it was or holds
 * the whole release; run again, it goes on: contents that the storage has are not sent again, and a release that is
 * there is not committed again.
 *
 * @throws Sv72Error ERR_HUB_*, ERR_INTERRUPTED, ERR_HUB_READ_BACK
 */
export async function upload(client: HubClient, plan: UploadPlan, options: UploadOptions): Promise<Uploaded> {
  const { repo, release } = plan;
  const { onProgress = () => undefined, now } = options;
  const committed = plan.state !== 'published';
  const changeVisibility = async (to: Visibility) => {
    if (plan.visibility !== to || plan.remote === null || plan.remote.visibility === to) return;
    onProgress({ state: 'visibility' });
    await setVisibility(client, repo, to);
  };
  // What is to be hidden is hidden before it is there, what is to be seen is seen when it is complete.
  await changeVisibility('private');
  const revision = committed
    ? await commitRelease(client, plan, onProgress).catch((error: unknown) => {
        throw changedFile(error) ?? error;
      })
    : (plan.remote?.head ?? '');
  await changeVisibility('public');
  const reader = plan.visibility === 'public' ? options.outsider : client;
  const verdict = await readBack(reader, repo, revision, {
    hotkey: release.card.submitted_by,
    now,
    onProgress: (progress) => onProgress({ state: 'reading', ...progress }),
  });
  const record: UploadRecord = {
    hub: client.url,
    repo: repo.id,
    revision,
    model: release.card.model_name,
    version: release.card.version,
    hotkey: release.card.submitted_by,
    submittedAt: verdict.card.submission_time ?? release.card.submission_time,
    at: now(),
    manifestSha256: verdict.manifestSha256 ?? release.manifestSha256,
    visibility: plan.visibility,
    rollbackOf: null,
    files: verdict.manifest?.files.map(({ path, bytes, sha256 }) => ({ path, bytes, sha256 })) ?? [],
  };
  return { record, committed, verdict };
}

async function commitRelease(
  client: HubClient,
  plan: UploadPlan,
  onProgress: (progress: UploadProgress) => void,
): Promise<string> {
  const { repo, remote } = plan;
  if (remote !== null) return await sendAndCommit(client, plan, remote.head, onProgress);
  if (!(await makeRepo(client, repo, plan.visibility))) {
    throw new Sv72Error('ERR_HUB_CHANGED', `Somebody else made ${repo.id} meanwhile.`);
  }
  try {
    const made = await remoteRepo(client, repo);
    if (made === undefined) throw new Sv72Error('ERR_HUB_NOT_FOUND', `${repo.id} was made and is not there.`);
    return await sendAndCommit(client, plan, made.head, onProgress);
  } catch (error) {
    await unmake(client.withoutSignal(), repo);
    throw error;
  }
}

async function sendAndCommit(
  client: HubClient,
  plan: UploadPlan,
  parent: string,
  onProgress: (progress: UploadProgress) => void,
): Promise<string> {
  const { repo, release, changes } = plan;
  const unchanged = new Set(changes.filter(({ change }) => change === 'same').map(({ path }) => path));
  const coming = release.files.filter(({ path }) => !unchanged.has(path));
  const large = await largePaths(client, repo, coming);
  const objects = coming.filter(({ path }) => large.has(path));
  await sendObjects(client, repo, objects, onProgress);
  const operations: Operation[] = [];
  for (const file of coming) {
    operations.push(large.has(file.path) ? { kind: 'object', ...file } : await contentOf(file));
  }
  for (const { path, change } of changes) if (change === 'remove') operations.push({ kind: 'delete', path });
  onProgress({ state: 'committing' });
  const { model_name, version, submitted_by } = release.card;
  return await makeCommit(client, repo, {
    title: `${model_name} ${version}`,
    description: `${PUBLISHED_BY}${submitted_by}; manifest ${release.manifestSha256}.`,
    parent,
    operations,
  });
}

async function contentOf(file: ReleaseFile): Promise<Operation> {
  const content = await file.open();
  const blob = file.blob ?? gitBlob(new Uint8Array(await content.arrayBuffer()));
  return { kind: 'content', path: file.path, content, blob };
}

/**
 * Takes back a repository that this run made and nothing came to be in. The first failure is what counts: this one says
 * nothing of its own.
 */
async function unmake(client: HubClient, repo: Repo): Promise<void> {
  try {
    const commits = await remoteCommits(client, repo, 2);
    if (commits.length <= 1) await removeRepo(client, repo);
  } catch {
    // An empty repository is left, which the next run fills.
  }
}
