import { parse } from 'yaml';
import { type Entry, pointerOf, type Repository } from './repository.ts';
import type { Reply, World } from './world.ts';

/** Applies a commit as the Hub does: all of it or nothing. */
export function commitReply(repo: Repository, body: string, { storage, url }: World): Reply {
  let lines: { key: string; value: Record<string, unknown> }[];
  try {
    lines = body
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  } catch {
    return refused('Invalid ndjson');
  }
  const [header, ...operations] = lines;
  if (header?.key !== 'header' || typeof header.value.summary !== 'string' || header.value.summary === '')
    return refused('The first line is no header');
  const parent = header.value.parentCommit;
  if (parent !== undefined && parent !== repo.head.id)
    return { status: 412, body: { error: 'A commit has happened since. Please refresh and try again.' } };
  if (operations.length === 0) return refused('No files have been modified since last commit');
  const tree = new Map<string, Entry>(repo.head.tree);
  for (const { key, value } of operations) {
    const path = String(value.path);
    if (key === 'file') {
      if (value.encoding !== 'base64') return refused('Invalid encoding');
      const content = Buffer.from(String(value.content), 'base64');
      if (repo.isLarge(path, content.length) && content.length > 0)
        return refused(`Your push was rejected because ${path} must go to large-file storage`);
      const wrong = path === 'README.md' ? metadataProblem(content.toString()) : undefined;
      if (wrong !== undefined) return refused(`Invalid metadata in README.md: ${wrong}`);
      tree.set(path, { kind: 'content', content });
    } else if (key === 'lfsFile') {
      const { oid, size, algo } = value;
      if (algo !== 'sha256' || !storage.has(String(oid), Number(size)))
        return refused(
          `Your push was rejected because an LFS pointer pointed to a file that does not exist: ${path}`,
        );
      const entry = { kind: 'object', sha256: String(oid), bytes: Number(size) } as const;
      if (pointerOf(entry).length > 200) return refused('Invalid pointer');
      tree.set(path, entry);
    } else if (key === 'deletedFile') {
      if (!tree.delete(path)) return refused(`The file ${path} does not exist`);
    } else {
      return refused(`Unknown operation ${key}`);
    }
  }
  const commit = repo.add(header.value.summary, String(header.value.description ?? ''), tree);
  return {
    status: 200,
    body: {
      success: true,
      commitOid: commit.id,
      commitUrl: `${url}/${repo.id}/commit/${commit.id}`,
      hookOutput: '',
    },
  };
}

function refused(error: string): Reply {
  return { status: 400, body: { error } };
}

const LICENCES = ['apache-2.0', 'mit', 'bsd-3-clause', 'cc-by-4.0', 'cc-by-nc-4.0', 'openrail', 'other'];

/** What the Hub's own check of a model card's metadata finds first (its model card specification). */
function metadataProblem(text: string): string | undefined {
  const block = /^---\n([\s\S]*?)\n---\n/.exec(text)?.[1];
  if (block === undefined) return 'there is none';
  const meta: Record<string, unknown> = parse(block);
  if (!LICENCES.includes(String(meta.license))) return '"license" must be one of the list';
  if (meta.license === 'other' && !/^[a-z0-9-.]+$/.test(String(meta.license_name)))
    return '"license_name" is needed';
  const texts = (value: unknown) => Array.isArray(value) && value.every((item) => typeof item === 'string');
  if (!texts(meta.tags)) return '"tags" must be texts';
  if (meta.metrics !== undefined && !texts(meta.metrics)) return '"metrics" must be texts';
  if (meta.base_model !== undefined && !/^[\w.-]+\/[\w.-]+$/.test(String(meta.base_model)))
    return '"base_model" with value is not valid. Use a model id from https://hf.co/models.';
  for (const model of (meta['model-index'] ?? []) as Record<string, unknown>[]) {
    if (typeof model.name !== 'string' || !Array.isArray(model.results))
      return '"model-index[0].results" is needed';
    for (const { task, dataset, metrics } of model.results) {
      if (typeof task?.type !== 'string') return '"task.type" is needed';
      if (typeof dataset?.type !== 'string' || typeof dataset?.name !== 'string')
        return '"dataset" is needed';
      if (!Array.isArray(metrics) || metrics.length === 0) return '"metrics" is needed';
      if (metrics.some((m) => typeof m.type !== 'string' || typeof m.value !== 'number'))
        return '"value" is needed';
    }
  }
  return undefined;
}
