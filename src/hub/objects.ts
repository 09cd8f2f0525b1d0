import { z } from 'zod';
import { Sv72Error } from '../errors/index.ts';
import { type HubClient, RAN_OUT } from './client.ts';
import { plainText } from './plain.ts';
import type { Repo } from './repo.ts';

/** A content for large-file storage. */
export interface LargeObject {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  open(): Promise<Blob>;
}

/** How far the sending of one file is. `present`: the Hub had it already. */
export type ObjectProgress =
  | { readonly state: 'sending'; readonly path: string; readonly sent: number; readonly bytes: number }
  | { readonly state: 'sent' | 'present'; readonly path: string; readonly bytes: number };

const LFS_JSON = 'application/vnd.git-lfs+json';
const PARTS_AT_ONCE = 4;
/** Addresses for storage run out while a slow line is busy; after that many rounds something else is wrong. */
const ROUNDS = 5;

const batchAnswer = z.looseObject({
  transfer: z.string().optional(),
  objects: z.array(
    z.looseObject({
      oid: z.string(),
      size: z.number(),
      error: z.looseObject({ code: z.number(), message: z.string() }).optional(),
      actions: z
        .looseObject({
          upload: z
            .looseObject({ href: z.string(), header: z.record(z.string(), z.string()).optional() })
            .optional(),
          verify: z.looseObject({ href: z.string() }).optional(),
        })
        .optional(),
    }),
  ),
});

type BatchObject = z.infer<typeof batchAnswer>['objects'][number];
type Upload = NonNullable<NonNullable<BatchObject['actions']>['upload']>;

/**
 * Brings contents into the repository's large-file storage (git-lfs batch API, transfers basic and multipart, which the
 * Hub keeps for clients without Xet and moves to Xet by itself). What is there is not sent again; an address that ran out
 * is asked for anew.
 *
 * @throws Sv72Error ERR_HUB_*
 */
export async function sendObjects(
  client: HubClient,
  repo: Repo,
  objects: readonly LargeObject[],
  onProgress: (progress: ObjectProgress) => void,
): Promise<void> {
  let open = distinct(objects);
  for (let round = 1; open.length > 0; round++) {
    if (round > ROUNDS) {
      throw new Sv72Error(
        'ERR_HUB_UNREACHABLE',
        'The addresses that the Hub gives for its storage do not work.',
      );
    }
    const answers = new Map((await batch(client, repo, open)).map((answer) => [answer.oid, answer]));
    const left: LargeObject[] = [];
    for (const object of open) {
      const { path, bytes } = object;
      const { upload, verify } = answers.get(object.sha256)?.actions ?? {};
      if (upload === undefined) onProgress({ state: round === 1 ? 'present' : 'sent', path, bytes });
      else if (await sendObject(client, object, upload, onProgress)) {
        if (verify) await confirm(client, object, verify.href);
        onProgress({ state: 'sent', path, bytes });
      } else left.push(object);
    }
    open = left;
  }
}

/** Two files of one content are one object. */
function distinct(objects: readonly LargeObject[]): LargeObject[] {
  return [...new Map(objects.map((object) => [object.sha256, object])).values()];
}

async function batch(client: HubClient, repo: Repo, objects: readonly LargeObject[]): Promise<BatchObject[]> {
  const answer = await client.request(`/${repo.id}.git/info/lfs/objects/batch`, {
    method: 'POST',
    headers: { Accept: LFS_JSON, 'Content-Type': LFS_JSON },
    body: JSON.stringify({
      operation: 'upload',
      transfers: ['basic', 'multipart'],
      hash_algo: 'sha_256',
      ref: { name: 'main' },
      objects: objects.map(({ sha256, bytes }) => ({ oid: sha256, size: bytes })),
    }),
  });
  const parsed = batchAnswer.safeParse(await answer.json());
  if (!parsed.success)
    throw new Sv72Error('ERR_HUB_REFUSED', 'The Hub does not say how to send large files.', {
      cause: parsed.error,
    });
  const { transfer = 'basic' } = parsed.data;
  if (transfer !== 'basic' && transfer !== 'multipart') {
    throw new Sv72Error(
      'ERR_HUB_REFUSED',
      `The Hub takes large files by "${plainText(transfer)}" alone, which sv72 does not speak.`,
      { details: { transfer }, next: 'Look for a newer sv72; nothing was published.' },
    );
  }
  for (const object of objects) {
    const found = parsed.data.objects.find(({ oid }) => oid === object.sha256);
    if (found !== undefined && found.error === undefined) continue;
    const why = plainText(found?.error?.message ?? 'it said nothing about it');
    throw new Sv72Error('ERR_HUB_REFUSED', `The Hub does not take ${object.path}: ${why}.`);
  }
  return parsed.data.objects;
}

/**
 * Tells the Hub that an object is in its storage, where it asks for that (git-lfs, the `verify` action). It is a route of
 * the Hub, and the token goes nowhere else.
 */
async function confirm(client: HubClient, { sha256, bytes }: LargeObject, href: string): Promise<void> {
  if (!href.startsWith(`${client.url}/`)) return;
  const answer = await client.request(href.slice(client.url.length), {
    method: 'POST',
    headers: { Accept: LFS_JSON, 'Content-Type': LFS_JSON },
    body: JSON.stringify({ oid: sha256, size: bytes }),
  });
  await answer.body?.cancel();
}

/** @returns false when the address had run out */
async function sendObject(
  client: HubClient,
  object: LargeObject,
  upload: Upload,
  onProgress: (progress: ObjectProgress) => void,
): Promise<boolean> {
  const { path, bytes } = object;
  const content = await object.open();
  if (content.size !== bytes) {
    throw new Sv72Error('ERR_BUNDLE_DAMAGED', `${path} changed while it was being published.`);
  }
  const chunk = Number(upload.header?.chunk_size);
  if (Number.isSafeInteger(chunk) && chunk > 0)
    return await sendParts(client, object, content, upload, onProgress);
  const answer = await put(client, upload.href, content, (sent) =>
    onProgress({ state: 'sending', path, sent, bytes }),
  );
  await answer?.body?.cancel();
  return answer !== undefined;
}

async function sendParts(
  client: HubClient,
  { path, bytes, sha256 }: LargeObject,
  content: Blob,
  { href, header = {} }: Upload,
  onProgress: (progress: ObjectProgress) => void,
): Promise<boolean> {
  const size = Number(header.chunk_size);
  const names = Object.keys(header)
    .filter((key) => /^\d+$/.test(key))
    .sort((a, b) => Number(a) - Number(b));
  if (names.length !== Math.ceil(bytes / size)) {
    throw new Sv72Error('ERR_HUB_REFUSED', `The Hub asks for ${path} in parts that do not make up the file.`);
  }
  const sent = names.map(() => 0);
  const etags: string[] = [];
  let expired = false;
  const next = names.entries();
  const lane = async () => {
    for (const [index, name] of next) {
      if (expired) return;
      const part = content.slice(index * size, Math.min(bytes, (index + 1) * size));
      const answer = await put(client, header[name] ?? '', part, (count) => {
        sent[index] = count;
        onProgress({ state: 'sending', path, sent: sent.reduce((sum, n) => sum + n, 0), bytes });
      });
      if (answer === undefined) {
        expired = true;
        return;
      }
      const etag = answer.headers.get('etag');
      await answer.body?.cancel();
      if (etag === null) throw new Sv72Error('ERR_HUB_REFUSED', 'The Hub’s storage did not confirm a part.');
      etags[index] = etag;
    }
  };
  await Promise.all(Array.from({ length: PARTS_AT_ONCE }, lane));
  if (expired) return false;
  const parts = etags.map((etag, index) => ({ partNumber: index + 1, etag }));
  const done = await client.storage(href, {
    method: 'POST',
    headers: { Accept: LFS_JSON, 'Content-Type': LFS_JSON },
    body: JSON.stringify({ oid: sha256, parts }),
    accept: RAN_OUT,
  });
  await done.body?.cancel();
  return done.ok;
}

/** @returns undefined when the address had run out */
async function put(
  client: HubClient,
  href: string,
  body: Blob,
  onSent: (bytes: number) => void,
): Promise<Response | undefined> {
  const answer = await client.storage(href, { method: 'PUT', body, onSent, accept: RAN_OUT });
  if (answer.ok) return answer;
  await answer.body?.cancel();
  return undefined;
}
