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

/** What only datasets have here. */
export interface DatasetFacts {
  /** Whether its files go only to those who were let in: members of its owner. */
  readonly gated: boolean;
  /** As the front matter of its page says. */
  readonly card: object;
}

/** A repository: a line of commits, and what the Hub makes of them on branches of its own. */
export class Repository {
  readonly id: string;
  visibility: 'public' | 'private';
  /** null for a model. */
  readonly dataset: DatasetFacts | null;
  readonly #commits: Commit[] = [];
  readonly #branches = new Map<string, Commit>();

  constructor(id: string, visibility: 'public' | 'private', dataset: DatasetFacts | null = null) {
    this.id = id;
    this.visibility = visibility;
    this.dataset = dataset;
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
    const all = [...this.#commits, ...this.#branches.values()];
    return this.#branches.get(revision) ?? all.find(({ id }) => id === revision);
  }

  add(title: string, description: string, tree: ReadonlyMap<string, Entry>): Commit {
    const commit = { id: randomBytes(20).toString('hex'), title, description, at: new Date(), tree };
    this.#commits.unshift(commit);
    return commit;
  }

  branch(name: string, tree: ReadonlyMap<string, Entry>): void {
    const id = randomBytes(20).toString('hex');
    this.#branches.set(name, { id, title: name, description: '', at: new Date(), tree });
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
