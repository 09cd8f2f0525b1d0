import type { IncomingMessage } from 'node:http';
import { commitReply } from './commit.ts';
import type { Fault } from './faults.ts';
import { type Caller, callerOf, mayRead, mayWrite, whoami } from './people.ts';
import { type Commit, type Entry, Repository, treeLine, xetHashOf } from './repository.ts';
import { rangeOf } from './storage-routes.ts';
import type { Reply, Route, World } from './world.ts';

const LFS_JSON = 'application/vnd.git-lfs+json';

/** The route of a request to the Hub, or what is wrong with the request. */
export function hubRoute(request: IncomingMessage, url: URL, world: World): Route | string {
  const path = decodeURIComponent(url.pathname);
  const method = request.method ?? '';
  const header = request.headers.authorization;
  if (header !== undefined && !/^Bearer hf_\S+$/.test(header)) return 'the Authorization is no Bearer';
  const caller = header === undefined ? undefined : callerOf(world.users, header.slice('Bearer '.length));
  const badToken = header !== undefined && caller === undefined;
  const type = request.headers['content-type'];
  const is = (wanted: string, pattern: RegExp) => (method === wanted ? pattern.exec(path) : null);

  const route = (
    step: Route['step'],
    handle: (body: Buffer, fault: Fault | undefined) => Reply | Promise<Reply>,
  ): Route => ({
    step,
    handle: (body, fault) => (badToken ? BAD_TOKEN : handle(body, fault)),
  });
  const onRepo = (
    step: Route['step'],
    id: string,
    handle: (repo: Repository, body: Buffer, fault: Fault | undefined) => Reply | Promise<Reply>,
  ) =>
    route(step, (body, fault) => {
      const repo = world.repos.get(id);
      if (repo === undefined || !visibleTo(repo, caller)) return notFound(caller);
      if (repo.dataset?.gated && step !== 'info' && !(caller && mayRead(caller, repo.owner)))
        return gated(caller);
      return handle(repo, body, fault);
    });
  const writing = (
    step: Route['step'],
    id: string,
    handle: (repo: Repository, body: Buffer, fault: Fault | undefined) => Reply | Promise<Reply>,
  ) =>
    onRepo(step, id, (repo, body, fault) => {
      if (caller === undefined) return { status: 401, body: { error: 'Invalid username or password.' } };
      if (!mayWrite(caller, repo.owner, repo.id)) return forbidden(repo.id);
      return handle(repo, body, fault);
    });
  const json = type === 'application/json';

  if (is('GET', /^\/api\/whoami-v2$/))
    return route('whoami', () => (caller ? { status: 200, body: whoami(caller) } : BAD_TOKEN));

  if (is('POST', /^\/api\/repos\/create$/))
    return json
      ? route('create', (body) => create(world, caller, JSON.parse(body.toString())))
      : 'create takes JSON';

  if (is('DELETE', /^\/api\/repos\/delete$/))
    return json
      ? route('delete', (body) => remove(world, caller, JSON.parse(body.toString())))
      : 'delete takes JSON';

  const settings = is('PUT', /^\/api\/models\/([^/]+\/[^/]+)\/settings$/);
  if (settings) {
    if (!json) return 'settings take JSON';
    return writing('settings', settings[1] ?? '', (repo, body) => {
      const { visibility, ...rest } = JSON.parse(body.toString());
      if (!['public', 'private'].includes(visibility) || Object.keys(rest).length > 0)
        return { status: 400, body: { error: 'Invalid settings' } };
      repo.visibility = visibility;
      return { status: 200, body: { visibility } };
    });
  }
  const info = is('GET', /^\/api\/(models|datasets)\/([^/]+\/[^/]+?)(?:\/revision\/(.+))?$/);
  if (info) return onRepo('info', keyOf(info), (repo) => infoOf(repo, info[3] ?? 'main'));

  const tree = is('GET', /^\/api\/(models|datasets)\/([^/]+\/[^/]+)\/tree\/([^/]+)$/);
  if (tree) {
    if (url.searchParams.get('recursive') !== 'true')
      return 'the listing of folders is not part of this double';
    return onRepo('tree', keyOf(tree), (repo) => treeOf(repo, tree[3] ?? '', url, world));
  }
  const commits = is('GET', /^\/api\/models\/([^/]+\/[^/]+)\/commits\/([^/]+)$/);
  if (commits) return onRepo('commits', commits[1] ?? '', commitsOf);

  const preupload = is('POST', /^\/api\/models\/([^/]+\/[^/]+)\/preupload\/main$/);
  if (preupload) {
    if (!json) return 'preupload takes JSON';
    return writing('preupload', preupload[1] ?? '', (repo, body) => modes(repo, JSON.parse(body.toString())));
  }
  const commit = is('POST', /^\/api\/models\/([^/]+\/[^/]+)\/commit\/main$/);
  if (commit) {
    if (type !== 'application/x-ndjson') return 'a commit is NDJSON';
    return writing('commit', commit[1] ?? '', (repo, body) => commitReply(repo, body.toString(), world));
  }
  const batch = is('POST', /^\/([^/]+\/[^/]+)\.git\/info\/lfs\/objects\/batch$/);
  if (batch) {
    if (type !== LFS_JSON || request.headers.accept !== LFS_JSON) return 'a batch has the type of git-lfs';
    return writing('batch', batch[1] ?? '', (_, body, fault) =>
      batchReply(
        world,
        batch[1] ?? '',
        JSON.parse(body.toString()),
        fault !== undefined && 'expired' in fault,
      ),
    );
  }
  const verify = is('POST', /^\/([^/]+\/[^/]+)\.git\/info\/lfs\/verify$/);
  if (verify) {
    // git-lfs sends its own type, the Hub's Python library plain JSON.
    if (type !== LFS_JSON && !json) return 'a confirmation is JSON';
    return writing('verify', verify[1] ?? '', (_, body) => {
      const { oid, size } = JSON.parse(body.toString());
      if (world.storage.has(oid, size)) return { status: 200, body: {} };
      return { status: 404, body: { message: 'Object not found' } };
    });
  }
  const reads = (pattern: RegExp) => is('GET', pattern) ?? is('HEAD', pattern);
  const cached = reads(/^\/api\/resolve-cache\/(models|datasets)\/([^/]+\/[^/]+)\/([0-9a-f]{40})\/(.+)$/);
  if (cached) {
    const [, , , revision = '', file = ''] = cached;
    return onRepo('cached', keyOf(cached), (repo) => contentReply(request, repo, revision, file));
  }
  const resolve = reads(/^\/((?:datasets\/)?[^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/);
  if (resolve) {
    const [, id = '', revision = '', file = ''] = resolve;
    return onRepo('resolve', id, (repo, _, fault) => resolveReply(repo, revision, file, world, fault));
  }
  return 'the Hub has no such route here';
}

/** How the double keeps the repository that a route names by its kind and its name. */
function keyOf([, kind, id = '']: RegExpExecArray): string {
  return kind === 'datasets' ? `datasets/${id}` : id;
}

const BAD_TOKEN: Reply = { status: 401, body: { error: 'Invalid credentials in Authorization header' } };

function visibleTo(repo: Repository, caller: Caller | undefined): boolean {
  return repo.visibility === 'public' || (caller !== undefined && mayRead(caller, repo.owner));
}

function gated(caller: Caller | undefined): Reply {
  const body = { error: 'Access to this dataset is restricted.' };
  return { status: caller === undefined ? 401 : 403, headers: { 'x-error-code': 'GatedRepo' }, body };
}

/** The Hub answers 401 to strangers, so that nobody can probe for private repositories. */
function notFound(caller: Caller | undefined): Reply {
  if (caller === undefined) return { status: 401, body: { error: 'Invalid username or password.' } };
  return {
    status: 404,
    headers: { 'x-error-code': 'RepoNotFound' },
    body: { error: 'Repository not found' },
  };
}

function forbidden(id: string): Reply {
  return { status: 403, body: { error: `You don't have the rights to write to ${id}` } };
}

const NO_REVISION: Reply = {
  status: 404,
  headers: { 'x-error-code': 'RevisionNotFound' },
  body: { error: 'Invalid rev id' },
};

function create(world: World, caller: Caller | undefined, order: Record<string, unknown>): Reply {
  const { name, organization, type, visibility, ...rest } = order;
  if (caller === undefined) return BAD_TOKEN;
  if (
    typeof name !== 'string' ||
    typeof organization !== 'string' ||
    type !== 'model' ||
    Object.keys(rest).length > 0
  )
    return { status: 400, body: { error: 'Invalid repository' } };
  const id = `${organization}/${name}`;
  if (!mayWrite(caller, organization, undefined)) return forbidden(id);
  if (world.repos.has(id)) return { status: 409, body: { error: 'You already created this model repo' } };
  world.repos.set(id, new Repository(id, visibility === 'private' ? 'private' : 'public'));
  return { status: 200, body: { url: `${world.url}/${id}`, id } };
}

function remove(world: World, caller: Caller | undefined, order: Record<string, unknown>): Reply {
  const id = `${String(order.organization)}/${String(order.name)}`;
  const repo = world.repos.get(id);
  if (repo === undefined || order.type !== 'model') return notFound(caller);
  if (caller === undefined || !mayWrite(caller, repo.owner, id)) return forbidden(id);
  world.repos.delete(id);
  return { status: 200, body: {} };
}

function infoOf(repo: Repository, revision: string): Reply {
  const commit = repo.at(revision);
  if (commit === undefined) return NO_REVISION;
  return {
    status: 200,
    body: {
      _id: '0',
      id: repo.id,
      modelId: repo.id,
      sha: commit.id,
      private: repo.visibility === 'private',
      gated: repo.dataset?.gated ? 'auto' : false,
      ...(repo.dataset && { cardData: repo.dataset.card }),
      disabled: false,
      downloads: 0,
      likes: 0,
      tags: [],
      lastModified: commit.at.toISOString(),
      siblings: [...commit.tree.keys()].map((rfilename) => ({ rfilename })),
    },
  };
}

function treeOf(repo: Repository, revision: string, url: URL, { pageSize, url: hub }: World): Reply {
  const commit = repo.at(revision);
  if (commit === undefined) return NO_REVISION;
  const lines = [...commit.tree].map(([path, entry]) => treeLine(path, entry));
  const from = Number(url.searchParams.get('cursor') ?? 0);
  const page = lines.slice(from, from + pageSize);
  const next = new URL(url.pathname + url.search, hub);
  next.searchParams.set('cursor', String(from + pageSize));
  const more = from + pageSize < lines.length;
  return { status: 200, body: page, ...(more && { headers: { link: `<${next.href}>; rel="next"` } }) };
}

function commitsOf(repo: Repository): Reply {
  const body = repo.commits.map(({ id, title, description, at }: Commit) => ({
    id,
    title,
    message: description,
    authors: [{ user: repo.owner, avatar: '' }],
    date: at.toISOString(),
  }));
  return { status: 200, body };
}

function modes(repo: Repository, order: { files?: { path: string; size: number; sample: string }[] }): Reply {
  const files = order.files ?? [];
  const wrong = files.some(({ path, size, sample }) => {
    const length = Buffer.from(sample, 'base64').length;
    return typeof path !== 'string' || !Number.isInteger(size) || length !== Math.min(512, size);
  });
  if (wrong || files.length === 0 || files.length > 256)
    return { status: 400, body: { error: 'Invalid files' } };
  return {
    status: 200,
    body: {
      files: files.map(({ path, size }) => {
        const entry = repo.head.tree.get(path);
        return {
          path,
          uploadMode: repo.isLarge(path, size) ? 'lfs' : 'regular',
          shouldIgnore: false,
          ...(entry && { oid: blobOf(path, entry) }),
        };
      }),
    },
  };
}

interface BatchOrder {
  readonly operation: string;
  readonly transfers: readonly string[];
  readonly hash_algo: string;
  readonly ref?: { readonly name: string };
  readonly objects: readonly { readonly oid: string; readonly size: number }[];
}

/**
 * Clients that speak Xet are led there; all others are served by git-lfs as ever, and the Hub moves what they sent to
 * Xet by itself (its documentation, "Backward Compatibility with LFS").
 */
function batchReply(world: World, id: string, order: BatchOrder, expired: boolean): Reply {
  const { storage, chunkBytes, storageUrl } = world;
  const wrong =
    order.operation !== 'upload' ||
    !['sha_256', 'sha256'].includes(order.hash_algo) ||
    !order.transfers.includes('basic') ||
    order.transfers.includes('xet') ||
    order.objects.length === 0 ||
    order.objects.length > 100 ||
    order.objects.some(({ oid, size }) => !/^[0-9a-f]{64}$/.test(oid) || !(size > 0));
  if (wrong) return { status: 422, body: { message: 'Invalid batch' } };
  const sign = (path: string) => `${storageUrl}${storage.sign(path, expired)}`;
  const uploadOf = (oid: string, size: number) => {
    if (chunkBytes === undefined) return { href: sign(`/objects/${oid}/${size}`) };
    const id = storage.begin(oid, size, chunkBytes);
    const parts = Array.from({ length: storage.partsOf(id) }, (_, i) => [
      String(i + 1).padStart(5, '0'),
      sign(`/parts/${id}/${i + 1}`),
    ]);
    return {
      href: sign(`/complete/${id}`),
      header: { chunk_size: String(chunkBytes), ...Object.fromEntries(parts) },
    };
  };
  const verify = { href: `${world.url}/${id}.git/info/lfs/verify` };
  return {
    status: 200,
    headers: { 'content-type': LFS_JSON, 'x-request-id': 'Root=1-test' },
    body: {
      transfer: chunkBytes === undefined ? 'basic' : 'multipart',
      objects: order.objects.map(({ oid, size }) =>
        storage.has(oid, size)
          ? { oid, size }
          : { oid, size, actions: { upload: uploadOf(oid, size), verify } },
      ),
    },
  };
}

function resolveReply(
  repo: Repository,
  revision: string,
  path: string,
  { storage, storageUrl, url }: World,
  fault: Fault | undefined,
): Reply {
  const commit = repo.at(revision);
  if (commit === undefined) return NO_REVISION;
  const entry = commit.tree.get(path);
  if (entry === undefined)
    return { status: 404, headers: { 'x-error-code': 'EntryNotFound' }, body: { error: 'Entry not found' } };
  const common = { 'x-repo-commit': commit.id };
  if (entry.kind === 'object') {
    const address = storage.sign(
      `/download/${entry.sha256}/${entry.bytes}`,
      fault !== undefined && 'expired' in fault,
    );
    return {
      status: 302,
      headers: {
        ...common,
        location: `${storageUrl}${address}`,
        'x-xet-hash': xetHashOf(entry.sha256),
        link: `<${url}/api/models/${repo.id}/xet-read-token/${commit.id}>; rel="xet-auth"`,
        'x-linked-etag': `"${entry.sha256}"`,
        'x-linked-size': String(entry.bytes),
      },
    };
  }
  // Small files come from a cache, by an address without a host.
  const address = `/api/resolve-cache/${repo.dataset ? 'datasets' : 'models'}/${repo.id}/${commit.id}/${encodeURI(path)}?etag=${blobOf(path, entry)}`;
  return { status: 307, headers: { ...common, location: address }, body: `Temporary Redirect to ${address}` };
}

function contentReply(request: IncomingMessage, repo: Repository, revision: string, path: string): Reply {
  const commit = repo.at(revision);
  const entry = commit?.tree.get(path);
  if (commit === undefined || entry?.kind !== 'content') return NO_REVISION;
  const { from, to, status } = rangeOf(request.headers.range, entry.content.length);
  const body = entry.content.subarray(from, to + 1);
  return {
    status,
    headers: {
      'x-repo-commit': commit.id,
      etag: `"${blobOf(path, entry)}"`,
      'content-type': 'text/plain; charset=utf-8',
      'content-length': String(body.length),
      ...(status === 206 && { 'content-range': `bytes ${from}-${to}/${entry.content.length}` }),
    },
    body,
  };
}

function blobOf(path: string, entry: Entry): string {
  return (treeLine(path, entry) as { oid: string }).oid;
}
