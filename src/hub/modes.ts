import { z } from 'zod';
import { Sv72Error } from '../errors/index.ts';
import type { HubClient } from './client.ts';
import type { Repo } from './repo.ts';

const SAMPLE_BYTES = 512;
const AT_ONCE = 100;

const answerSchema = z.looseObject({
  files: z.array(z.looseObject({ path: z.string(), uploadMode: z.enum(['regular', 'lfs']) })),
});

/** A file that is about to be committed. */
interface Coming {
  readonly path: string;
  readonly bytes: number;
  open(): Promise<Blob>;
}

/**
 * Asks which files go to large-file storage: the repository's .gitattributes and their sizes decide.
 *
 * @returns the paths of these
 */
export async function largePaths(
  client: HubClient,
  repo: Repo,
  files: readonly Coming[],
): Promise<ReadonlySet<string>> {
  const large = new Set<string>();
  for (let from = 0; from < files.length; from += AT_ONCE) {
    const some = files.slice(from, from + AT_ONCE);
    const answer = await client.request(`/api/models/${repo.id}/preupload/main`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ files: await Promise.all(some.map(described)) }),
    });
    const parsed = answerSchema.safeParse(await answer.json());
    const modes = new Map(parsed.data?.files.map(({ path, uploadMode }) => [path, uploadMode]));
    for (const { path, bytes } of some) {
      const mode = modes.get(path);
      if (mode === undefined) {
        throw new Sv72Error('ERR_HUB_REFUSED', `The Hub did not say how it takes ${path}.`);
      }
      // An empty file cannot be an object of the storage.
      if (mode === 'lfs' && bytes > 0) large.add(path);
    }
  }
  return large;
}

async function described({ path, bytes: size, open }: Coming) {
  const start = await (await open()).slice(0, SAMPLE_BYTES).arrayBuffer();
  return { path, size, sample: Buffer.from(start).toString('base64') };
}
