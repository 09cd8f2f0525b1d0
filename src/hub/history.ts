import type { UploadRecord } from '../store/index.ts';
import type { HubClient } from './client.ts';
import { CARD_NAME, readCard } from './release/card.ts';
import { openFile, remoteCommits } from './remote.ts';
import type { Repo } from './repo.ts';

/**
 * The releases of a repository by its own history: every commit at which the card was another one than before it.
 *
 * @param most releases, the newest first
 * @throws Sv72Error ERR_HUB_*
 */
export async function publishedReleases(
  client: HubClient,
  repo: Repo,
  most: number,
): Promise<Omit<UploadRecord, 'at' | 'files' | 'manifestSha256' | 'visibility'>[]> {
  const releases: (Omit<UploadRecord, 'at' | 'files' | 'manifestSha256' | 'visibility'> & {
    text: string;
  })[] = [];
  for (const { id } of await remoteCommits(client, repo, most * 5)) {
    const text = await cardAt(client, repo, id);
    if (text === undefined) continue;
    const { card } = readCard(text, Number.MAX_SAFE_INTEGER);
    if (card.version === undefined || card.submission_time === undefined) continue;
    // Of commits with one card the earliest published it.
    if (releases.at(-1)?.text === text) releases.pop();
    else if (releases.length >= most) break;
    releases.push({
      text,
      hub: client.url,
      repo: repo.id,
      revision: id,
      model: card.model_name ?? '',
      version: card.version,
      hotkey: card.submitted_by ?? '',
      submittedAt: card.submission_time,
      rollbackOf: null,
    });
  }
  return releases.map(({ text: _, ...release }) => release);
}

/** What the description of every release's commit begins with. */
export const PUBLISHED_BY = 'Published with sv72 by ';

/** A version that a commit published. */
export interface PublishedVersion {
  /** The commit. */
  readonly id: string;
  readonly version: string;
}

/** Versions by the commits that sv72 made, the newest first; one request for many of them. */
export async function publishedVersions(client: HubClient, repo: Repo): Promise<PublishedVersion[]> {
  return (await remoteCommits(client, repo, 1000)).flatMap(({ id, title, description }) => {
    const version = / (\S+)$/.exec(title)?.[1];
    return version !== undefined && description.startsWith(PUBLISHED_BY) ? [{ id, version }] : [];
  });
}

async function cardAt(client: HubClient, repo: Repo, revision: string): Promise<string | undefined> {
  const answer = await openFile(client, repo, revision, CARD_NAME, 0, [404]);
  if (answer.ok) return await answer.text();
  await answer.body?.cancel();
  return undefined;
}
