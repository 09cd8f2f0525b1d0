import { listCommits, listFiles } from '@huggingface/hub';
import { z } from 'zod';
import { Sv72Error } from '../errors/index.ts';
import type { HubClient } from './client.ts';
import type { Repo } from './repo.ts';

export type Visibility = 'public' | 'private';

/** A repository as the Hub has it. */
export interface RemoteRepo {
  /** Commit that `main` is at. */
  readonly head: string;
  readonly visibility: Visibility;
}

/** One file of a revision. */
export interface RemoteFile {
  readonly path: string;
  readonly bytes: number;
  /** SHA-1 of the git blob: of the content, or of the pointer where `sha256` is set. */
  readonly blob: string | null;
  /** SHA-256 of the content, for a file in large-file storage; else null. */
  readonly sha256: string | null;
}

export interface RemoteCommit {
  readonly id: string;
  readonly title: string;
  /** What the commit says beyond its title. */
  readonly description: string;
  readonly at: Date;
}

const JSON_TYPE = { 'Content-Type': 'application/json' };

const info = z.looseObject({ sha: z.string().regex(/^[0-9a-f]{40}$/), private: z.boolean() });

/**
 * @param revision what `head` is to be of
 * @returns undefined when there is no such repository that this client can see
 * @throws Sv72Error ERR_HUB_NOT_FOUND when it has no such revision, other ERR_HUB_*
 */
export async function remoteRepo(
  client: HubClient,
  repo: Repo,
  revision = 'main',
): Promise<RemoteRepo | undefined> {
  const at = revision === 'main' ? '' : `/revision/${encodeURIComponent(revision)}`;
  const answer = await client.request(`/api/models/${repo.id}${at}`, { accept: [401, 404] });
  if (answer.status === 404 && answer.headers.get('x-error-code') === 'RevisionNotFound') {
    await answer.body?.cancel();
    throw new Sv72Error('ERR_HUB_NOT_FOUND', `${repo.id} has no revision ${revision.slice(0, 40)}.`);
  }
  if (answer.status === 401 || answer.status === 404) {
    await answer.body?.cancel();
    return undefined;
  }
  const parsed = info.safeParse(await answer.json());
  if (!parsed.success) {
    throw new Sv72Error(
      'ERR_HUB_REFUSED',
      'The Hub describes the repository in a way that sv72 does not know.',
    );
  }
  return { head: parsed.data.sha, visibility: parsed.data.private ? 'private' : 'public' };
}

/** All files of a revision. @throws Sv72Error ERR_HUB_NOT_FOUND */
export async function remoteFiles(client: HubClient, repo: Repo, revision: string): Promise<RemoteFile[]> {
  const files: RemoteFile[] = [];
  for await (const entry of listFiles({ ...client.library, repo: repo.id, revision, recursive: true })) {
    if (entry.type !== 'file') continue;
    const sha256 = entry.lfs?.oid ?? null;
    files.push({ path: entry.path, bytes: entry.size, blob: entry.oid ?? null, sha256 });
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Commits, the newest first. */
export async function remoteCommits(
  client: HubClient,
  repo: Repo,
  most = 100,
  revision = 'main',
): Promise<RemoteCommit[]> {
  const commits: RemoteCommit[] = [];
  for await (const { oid, title, message, date } of listCommits({
    ...client.library,
    repo: repo.id,
    revision,
  })) {
    commits.push({ id: oid, title, description: message, at: date });
    if (commits.length >= most) break;
  }
  return commits;
}

/**
 * Makes the repository.
 *
 * @returns false when somebody else made it meanwhile
 */
export async function makeRepo(client: HubClient, repo: Repo, visibility: Visibility): Promise<boolean> {
  const answer = await client.request('/api/repos/create', {
    method: 'POST',
    headers: JSON_TYPE,
    body: JSON.stringify({ type: 'model', organization: repo.owner, name: repo.name, visibility }),
    accept: [409],
    repeat: false,
  });
  await answer.body?.cancel();
  return answer.status !== 409;
}

export async function setVisibility(client: HubClient, repo: Repo, visibility: Visibility): Promise<void> {
  const answer = await client.request(`/api/models/${repo.id}/settings`, {
    method: 'PUT',
    headers: JSON_TYPE,
    body: JSON.stringify({ visibility }),
  });
  await answer.body?.cancel();
}

/** Removes a repository that this run made and that nothing was committed to. */
export async function removeRepo(client: HubClient, repo: Repo): Promise<void> {
  const answer = await client.request('/api/repos/delete', {
    method: 'DELETE',
    headers: JSON_TYPE,
    body: JSON.stringify({ name: repo.name, organization: repo.owner, type: 'model' }),
    accept: [404],
  });
  await answer.body?.cancel();
}

/** A file of a revision. The body must be read or cancelled. @throws Sv72Error ERR_HUB_NOT_FOUND */
export async function openFile(
  client: HubClient,
  repo: Repo,
  revision: string,
  path: string,
  from = 0,
  accept: readonly number[] = [],
): Promise<Response> {
  return await client.request(
    `/${repo.id}/resolve/${revision}/${path.split('/').map(encodeURIComponent).join('/')}`,
    { headers: from > 0 ? { Range: `bytes=${from}-` } : {}, accept },
  );
}
