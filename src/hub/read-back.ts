import { Sv72Error } from '../errors/index.ts';
import type { HubClient } from './client.ts';
import type { Repo } from './repo.ts';
import { hubSource } from './source.ts';
import { type Verdict, type VerifyOptions, verifyRelease } from './verify.ts';

export interface ReadBackOptions {
  readonly hotkey: string;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly onProgress?: VerifyOptions['onProgress'];
}

/** A commit may take a moment to be seen everywhere. */
const TRIES = 4;
const PAUSE_MS = 1500;

/**
 * Reads a published revision as the given client sees it, every byte of it.
 *
 * @throws Sv72Error ERR_HUB_READ_BACK with what is wrong, other ERR_HUB_*
 */
export async function readBack(
  client: HubClient,
  repo: Repo,
  revision: string,
  { hotkey, now, onProgress }: ReadBackOptions,
): Promise<Verdict> {
  for (let attempt = 1; ; attempt++) {
    try {
      const verdict = await verifyRelease({
        source: hubSource(client, repo, revision),
        repo: repo.id,
        hotkey,
        now: Math.floor(now() / 1000),
        ...(onProgress && { onProgress }),
      });
      if (verdict.ok) return verdict;
      const wrong = verdict.findings.filter(({ ok }) => !ok).map(({ sentence }) => sentence);
      throw new Sv72Error('ERR_HUB_READ_BACK', `What is published is not what was sent: ${wrong.join(' ')}`, {
        details: { repo: repo.id, revision, wrong },
      });
    } catch (error) {
      const unseen = error instanceof Sv72Error && error.code === 'ERR_HUB_NOT_FOUND';
      if (!unseen || attempt >= TRIES) throw error;
      await client.pause(PAUSE_MS * attempt);
    }
  }
}
