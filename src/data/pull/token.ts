import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Surroundings } from '../../config/index.ts';

/**
 * The person's token for the Hub, where Hugging Face's own tools keep it: HF_TOKEN, the file that HF_TOKEN_PATH
 * names, or `token` in HF_HOME (~/.cache/huggingface). Undefined where there is none.
 */
export async function hubToken({
  env,
  home,
}: Pick<Surroundings, 'env' | 'home'>): Promise<string | undefined> {
  const given = env.HF_TOKEN ?? env.HUGGING_FACE_HUB_TOKEN;
  if (given?.trim()) return given.trim();
  const folder = env.HF_HOME ?? join(env.XDG_CACHE_HOME ?? join(home, '.cache'), 'huggingface');
  const text = await readFile(env.HF_TOKEN_PATH ?? join(folder, 'token'), 'utf8').catch(() => '');
  return text.trim() || undefined;
}
