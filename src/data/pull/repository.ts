import { z } from 'zod';
import { Sv72Error } from '../../errors/index.ts';
import { problemOf } from '../format.ts';
import { type HubClient, unreachable } from './request.ts';

/** A parquet file of a repository. */
export interface ShardFile {
  readonly path: string;
  readonly bytes: number;
  /** What its content must hash to: SHA-256 of it, or Git's own hash of a small file. */
  readonly digest: { readonly kind: 'sha256' | 'git'; readonly hex: string };
}

export interface Repository {
  readonly name: string;
  readonly url: string;
  /** The commit that is read, so that nothing changes under a download. */
  readonly commit: string;
  /** As its card says, in the Hub's spelling; null where it says nothing. */
  readonly licence: string | null;
  readonly shards: readonly ShardFile[];
}

/** Where the Hub keeps the parquet form of datasets that have none of their own. */
const CONVERTED = 'refs/convert/parquet';

const infoSchema = z.looseObject({
  sha: z.string().regex(/^[0-9a-f]{40}$/),
  cardData: z
    .looseObject({
      license: z.union([z.string(), z.array(z.string())]).optional(),
      license_name: z.string().optional(),
    })
    .nullish(),
});

const treeSchema = z.array(
  z.looseObject({
    type: z.string(),
    path: z.string(),
    size: z.int().nonnegative().optional(),
    oid: z.string().optional(),
    lfs: z.looseObject({ oid: z.string().regex(/^[0-9a-f]{64}$/), size: z.int().nonnegative() }).optional(),
  }),
);

/**
 * What a dataset repository holds.
 *
 * @param revision branch, tag or commit
 * @throws Sv72Error ERR_HUB_NOT_FOUND when it is not there or not for this person, ERR_DATA_INPUT when it has no parquet
 *   files, ERR_HUB_UNREACHABLE
 */
export async function readRepository(client: HubClient, name: string, revision: string): Promise<Repository> {
  const url = `${client.endpoint}/datasets/${name}`;
  let info = await infoOf(client, name, revision);
  let shards = await shardsOf(client, name, info.sha);
  const licence = licenceOf(info.cardData);
  if (shards.length === 0) {
    const converted = await infoOf(client, name, CONVERTED).catch((error: unknown) => {
      if (error instanceof Sv72Error && error.code === 'ERR_HUB_NOT_FOUND') return undefined;
      throw error;
    });
    if (converted !== undefined) {
      info = converted;
      shards = await shardsOf(client, name, info.sha);
    }
  }
  if (shards.length === 0) {
    throw new Sv72Error('ERR_DATA_INPUT', `The dataset ${name} has no parquet files.`, {
      next: `Download it from ${url} and use \`sv72 data import\`.`,
      details: { dataset: name },
    });
  }
  return { name, url, commit: info.sha, licence, shards };
}

async function infoOf(
  client: HubClient,
  name: string,
  revision: string,
): Promise<z.infer<typeof infoSchema>> {
  const url = `${client.endpoint}/api/datasets/${name}/revision/${encodeURIComponent(revision)}`;
  return await jsonOf(client, await client.get(url), infoSchema, name);
}

async function shardsOf(client: HubClient, name: string, commit: string): Promise<ShardFile[]> {
  const shards: ShardFile[] = [];
  let url: string | undefined = `${client.endpoint}/api/datasets/${name}/tree/${commit}?recursive=true`;
  while (url !== undefined) {
    const response = await client.get(url);
    for (const { type, path, size, oid, lfs } of await jsonOf(client, response, treeSchema, name)) {
      if (type !== 'file' || !path.endsWith('.parquet') || path.split('/').includes('..')) continue;
      if (lfs) shards.push({ path, bytes: lfs.size, digest: { kind: 'sha256', hex: lfs.oid } });
      else if (oid) shards.push({ path, bytes: size ?? 0, digest: { kind: 'git', hex: oid } });
    }
    url = nextPage(response.headers.get('link'), client.endpoint);
  }
  return shards.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function jsonOf<T>(
  client: HubClient,
  response: Response,
  schema: z.ZodType<T>,
  name: string,
): Promise<T> {
  if (!response.ok) throw await refusal(client, response, name);
  const value: unknown = await response.json().catch(() => undefined);
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw unreachable(
    client.endpoint,
    new Error(`its answer is not what it should be (${problemOf(result.error)})`),
  );
}

/** What a refusal means to a person. The Hub answers alike for what is missing, private and gated, until one has access. */
export async function refusal(client: HubClient, response: Response, name: string): Promise<Sv72Error> {
  const code = response.headers.get('x-error-code') ?? '';
  await response.body?.cancel();
  const { status } = response;
  if (![401, 403, 404, 410, 451].includes(status)) {
    return unreachable(client.endpoint, new Error(`it answers ${status}`));
  }
  const url = `${client.endpoint}/datasets/${name}`;
  const others = '`sv72 data list` names other sets; `sv72 data import` takes pictures of your own.';
  const details = { dataset: name, status, errorCode: code };
  if (code === 'RevisionNotFound' || code === 'EntryNotFound') {
    return new Sv72Error('ERR_HUB_NOT_FOUND', `The dataset ${name} has no such revision.`, { details });
  }
  if (code === 'GatedRepo' || (status === 403 && client.known())) {
    return new Sv72Error(
      'ERR_HUB_NOT_FOUND',
      `The dataset ${name} is gated: its owners decide who gets it.`,
      {
        next: `Ask for access at ${url}${client.known() ? '' : ' and set HF_TOKEN'}. ${others}`,
        details,
      },
    );
  }
  return client.known()
    ? new Sv72Error('ERR_HUB_NOT_FOUND', `The dataset ${name} is not there, or your token may not see it.`, {
        next: others,
        details,
      })
    : new Sv72Error(
        'ERR_HUB_NOT_FOUND',
        `The dataset ${name} is not there, or it is private or gated: without a token the Hub does not say which.`,
        { next: `If you were given access, set HF_TOKEN. ${others}`, details },
      );
}

function licenceOf(card: z.infer<typeof infoSchema>['cardData']): string | null {
  const given = card?.license;
  const all = (Array.isArray(given) ? given : [given]).flatMap((one) => (one ? [one] : []));
  if (all.length === 0) return null;
  return all.map((one) => (one === 'other' ? (card?.license_name ?? 'unknown') : one)).join(' and ');
}

/** The next page of a list. Only the Hub's own pages are followed. */
function nextPage(link: string | null, endpoint: string): string | undefined {
  const url = /<([^>]+)>;\s*rel="next"/.exec(link ?? '')?.[1];
  if (url === undefined) return undefined;
  const next = new URL(url, endpoint);
  return next.origin === new URL(endpoint).origin ? next.href : undefined;
}
