import { Sv72Error } from '../errors/index.ts';

/** A model repository on the Hub. */
export interface Repo {
  /** The user or organisation. */
  readonly owner: string;
  readonly name: string;
  /** `owner/name`. */
  readonly id: string;
}

const PART = /^(?!.*(?:--|\.\.))[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?$/;

/**
 * Reads `owner/name`, or the address of a model's page as people paste it.
 *
 * @throws Sv72Error ERR_HUB_REPO
 */
export function parseRepo(text: string): Repo {
  const found = repoIn(text);
  if (found) return found;
  throw new Sv72Error('ERR_HUB_REPO', `"${shown(text)}" is no repository on the Hub.`);
}

/** As `parseRepo`, undefined when the text names no repository. */
export function repoIn(text: string): Repo | undefined {
  const path = text.trim().replace(/^https?:\/\/(?:www\.)?(?:huggingface\.co|hf\.co)\//, '');
  const parts = path.replace(/\/+$/, '').split('/');
  const [owner = '', name = ''] = parts;
  if (parts.length !== 2 || !PART.test(owner) || !PART.test(name) || name.endsWith('.git')) return undefined;
  return { owner, name, id: `${owner}/${name}` };
}

function shown(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  // A token pasted in the wrong place does not come back in a message.
  if (/hf_[A-Za-z0-9]{8}/.test(line)) return 'What was given';
  return line.length > 80 ? `${line.slice(0, 77)}…` : line;
}
