import { z } from 'zod';
import { Sv72Error } from '../errors/index.ts';
import type { HubClient } from './client.ts';
import { remoteFiles, remoteRepo } from './remote.ts';
import type { Repo } from './repo.ts';

/** One change of a commit. */
export type Operation =
  | { readonly kind: 'content'; readonly path: string; readonly content: Blob; readonly blob: string }
  | { readonly kind: 'object'; readonly path: string; readonly sha256: string; readonly bytes: number }
  | { readonly kind: 'delete'; readonly path: string };

export interface CommitOptions {
  readonly title: string;
  readonly description: string;
  /** The commit that `main` must be at. */
  readonly parent: string;
  readonly operations: readonly Operation[];
}

const TRIES = 4;

const answerSchema = z.looseObject({ commitOid: z.string().regex(/^[0-9a-f]{40}$/) });

/**
 * Makes one commit on `main`. When the answer is lost, the repository itself tells whether the commit was made, so that
 * it is never made twice.
 *
 * @returns the commit's id
 * @throws Sv72Error ERR_HUB_CHANGED when `main` is elsewhere, and other ERR_HUB_*
 */
export async function makeCommit(client: HubClient, repo: Repo, options: CommitOptions): Promise<string> {
  const body = await lines(options);
  for (let attempt = 1; ; attempt++) {
    try {
      const answer = await client.request(`/api/models/${repo.id}/commit/main`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-ndjson' },
        body,
        repeat: false,
      });
      const parsed = answerSchema.safeParse(await answer.json());
      if (parsed.success) return parsed.data.commitOid;
      throw new Sv72Error('ERR_HUB_UNREACHABLE', 'The Hub’s answer to the commit was broken off.');
    } catch (error) {
      const failure = lostAnswer(error);
      if (failure === undefined) throw error;
      const made = await madeAnyway(client, repo, options);
      if (made !== undefined) return made;
      if (failure.code === 'ERR_HUB_CHANGED' || attempt >= TRIES) throw failure;
    }
  }
}

/** Failures after which the commit may have been made. */
function lostAnswer(error: unknown): Sv72Error | undefined {
  if (!(error instanceof Sv72Error)) {
    return new Sv72Error('ERR_HUB_UNREACHABLE', 'The Hub’s answer to the commit was broken off.', {
      cause: error,
    });
  }
  return error.code === 'ERR_HUB_UNREACHABLE' || error.code === 'ERR_HUB_CHANGED' ? error : undefined;
}

/**
 * @returns the commit `main` is at when that is not the parent and has all that was to be committed; undefined when
 *   `main` is at the parent still
 * @throws Sv72Error ERR_HUB_CHANGED when somebody else committed
 */
async function madeAnyway(
  client: HubClient,
  repo: Repo,
  options: CommitOptions,
): Promise<string | undefined> {
  const now = await remoteRepo(client, repo);
  if (now === undefined || now.head === options.parent) return undefined;
  const files = new Map((await remoteFiles(client, repo, now.head)).map((file) => [file.path, file]));
  const made = options.operations.every((operation) => {
    const file = files.get(operation.path);
    if (operation.kind === 'delete') return file === undefined;
    return operation.kind === 'object' ? file?.sha256 === operation.sha256 : file?.blob === operation.blob;
  });
  if (made) return now.head;
  throw new Sv72Error('ERR_HUB_CHANGED', `Somebody else committed to ${repo.id} meanwhile.`, {
    details: { repo: repo.id, expected: options.parent, found: now.head },
  });
}

/** The commit as the Hub reads it: a header, then an operation a line. */
async function lines({ title, description, parent, operations }: CommitOptions): Promise<string> {
  const header = { key: 'header', value: { summary: title, description, parentCommit: parent } };
  const rest = await Promise.all(operations.map(lineOf));
  return [header, ...rest].map((line) => JSON.stringify(line)).join('\n');
}

async function lineOf(operation: Operation): Promise<object> {
  const { path } = operation;
  if (operation.kind === 'delete') return { key: 'deletedFile', value: { path } };
  if (operation.kind === 'object') {
    const { sha256: oid, bytes: size } = operation;
    return { key: 'lfsFile', value: { path, algo: 'sha256', size, oid } };
  }
  const content = Buffer.from(await operation.content.arrayBuffer()).toString('base64');
  return { key: 'file', value: { content, path, encoding: 'base64' } };
}
