import { createHash, randomBytes } from 'node:crypto';

/** A file of a commit: its content, or the pointer to an object of the storage. */
export type Entry =
  | { readonly kind: 'content'; readonly content: Buffer }
  | { readonly kind: 'object'; readonly sha256: string; readonly bytes: number };

export interface Commit {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly at: Date;
  readonly tree: ReadonlyMap<string, Entry>;
}

/** What the Hub puts into every new model repository (in short). */
const GIT_ATTRIBUTES = [
  '*.bin filter=lfs diff=lfs merge=lfs -text',
  '*.onnx filter=lfs diff=lfs merge=lfs -text',
  '*.safetensors filter=lfs diff=lfs merge=lfs -text',
  '*.data filter=lfs diff=lfs merge=lfs -text',
  '',
].join('\n');

const MOST_REGULAR = 10 * 1024 * 1024;

/** A model repository: a line of commits. */
export class Repository {
  readonly id: string;
  visibility: 'public' | 'private';
  readonly #commits: Commit[] = [];

  constructor(id: string, visibility: 'public' | 'private') {
    this.id = id;
    this.visibility = visibility;
    const tree = new Map<string, Entry>([
      ['.gitattributes', { kind: 'content', content: Buffer.from(GIT_ATTRIBUTES) }],
    ]);
    this.add('initial commit', '', tree);
  }

  get owner(): string {
    return this.id.split('/')[0] ?? '';
  }

  /** The newest first. */
  get commits(): readonly Commit[] {
    return this.#commits;
  }

  get head(): Commit {
    const [head] = this.#commits;
    if (head === undefined) throw new Error('a repository has a commit');
    return head;
  }

  at(revision: string): Commit | undefined {
    if (revision === 'main' || revision === 'HEAD') return this.head;
    return this.#commits.find(({ id }) => id === revision);
  }

  add(title: string, description: string, tree: ReadonlyMap<string, Entry>): Commit {
    const commit = { id: randomBytes(20).toString('hex'), title, description, at: new Date(), tree };
    this.#commits.unshift(commit);
    return commit;
  }

  /** By .gitattributes and size. */
  isLarge(path: string, bytes: number): boolean {
    const attributes = this.head.tree.get('.gitattributes');
    const text = attributes?.kind === 'content' ? attributes.content.toString() : '';
    const tracked = text.split('\n').flatMap((line) => /^\*(\.\w+) filter=lfs/.exec(line)?.[1] ?? []);
    return bytes > MOST_REGULAR || tracked.some((ending) => path.endsWith(ending));
  }
}

export function pointerOf({ sha256, bytes }: { sha256: string; bytes: number }): Buffer {
  return Buffer.from(`version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize ${bytes}\n`);
}

function blobId(content: Buffer): string {
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
}

/** A line of the tree, as the API lists it. */
export function treeLine(path: string, entry: Entry): object {
  if (entry.kind === 'content')
    return { type: 'file', oid: blobId(entry.content), size: entry.content.length, path };
  const pointer = pointerOf(entry);
  const lfs = { oid: entry.sha256, size: entry.bytes, pointerSize: pointer.length };
  return {
    type: 'file',
    oid: blobId(pointer),
    size: entry.bytes,
    lfs,
    xetHash: xetHashOf(entry.sha256),
    path,
  };
}

/** All repositories keep their large files in Xet: it has its own name for a content. */
export function xetHashOf(sha256: string): string {
  return createHash('sha256').update(`xet ${sha256}`).digest('hex');
}
