import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { Sv72Error } from '../errors/index.ts';
import type { HubClient } from './client.ts';
import { interrupted } from './refusal.ts';
import { openFile, remoteFiles } from './remote.ts';
import type { Repo } from './repo.ts';

/** Something that should be a release: a revision on the Hub, or a folder. */
export interface ReleaseSource {
  /** Path and size of all files. @throws Sv72Error ERR_HUB_*, ERR_FILE_READ */
  list(): Promise<readonly { readonly path: string; readonly bytes: number }[]>;
  /**
   * The content of a listed file, in pieces.
   *
   * @throws Sv72Error ERR_HUB_*, ERR_FILE_READ
   */
  read(path: string): AsyncIterable<Uint8Array>;
}

/** Times a broken download is taken up again where it stopped, without one byte of progress. */
const FRUITLESS = 4;

/** A revision of a repository. */
export function hubSource(client: HubClient, repo: Repo, revision: string): ReleaseSource {
  return {
    list: async () => await remoteFiles(client, repo, revision),
    async *read(path) {
      let from = 0;
      for (let fruitless = 0; ; ) {
        const answer = await openFile(client, repo, revision, path, from);
        const before = from;
        // A storage that does not know ranges begins anew: what was read already is passed over.
        let again = from > 0 && !answer.headers.get('content-range')?.startsWith(`bytes ${from}-`) ? from : 0;
        try {
          for await (const chunk of answer.body ?? []) {
            const news = chunk.subarray(Math.min(again, chunk.length));
            again -= chunk.length - news.length;
            if (news.length === 0) continue;
            from += news.length;
            yield news;
          }
          return;
        } catch (error) {
          if (client.signal?.aborted) throw interrupted(error);
          fruitless = from > before ? 0 : fruitless + 1;
          if (fruitless < FRUITLESS) continue;
          throw new Sv72Error(
            'ERR_HUB_UNREACHABLE',
            `Reading ${path} from the Hub breaks off again and again.`,
            { cause: error },
          );
        }
      }
    },
  };
}

/** A folder of this machine. Links to files count as these (downloads may be so), hidden files do not count. */
export function folderSource(dir: string): ReleaseSource {
  return {
    async list() {
      const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
        throw new Sv72Error('ERR_FILE_READ', `There is no folder ${dir} that can be read.`, { cause });
      });
      const paths = entries
        .filter((entry) => entry.isFile() || entry.isSymbolicLink())
        .map((entry) => relative(dir, join(entry.parentPath, entry.name)))
        .filter((path) => !/(^|\/)\./.test(path));
      const found = await Promise.all(
        // A link to nothing is no file.
        paths.map(async (path) => ({ path, info: await stat(join(dir, path)).catch(() => undefined) })),
      );
      return found.flatMap(({ path, info }) => (info?.isFile() ? [{ path, bytes: info.size }] : []));
    },
    async *read(path) {
      try {
        for await (const chunk of createReadStream(join(dir, path), { highWaterMark: 1 << 20 })) {
          if (chunk instanceof Uint8Array) yield chunk;
        }
      } catch (cause) {
        throw new Sv72Error('ERR_FILE_READ', `${join(dir, path)} cannot be read.`, { cause });
      }
    },
  };
}
