import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { hubToken } from '../../../src/data/index.ts';
import { folder } from '../sample.ts';

/** A home with token files at these places. */
async function home(files: Record<string, string>): Promise<string> {
  const root = await folder();
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return root;
}

test.each<[string, Record<string, string>, Record<string, string>, string | undefined]>([
  ['nowhere', {}, {}, undefined],
  ['HF_TOKEN goes first', { HF_TOKEN: ' hf_a ' }, { '.cache/huggingface/token': 'hf_b' }, 'hf_a'],
  ['the older variable', { HUGGING_FACE_HUB_TOKEN: 'hf_c' }, {}, 'hf_c'],
  ['the file of the login', {}, { '.cache/huggingface/token': 'hf_b\n' }, 'hf_b'],
  ['HF_HOME', { HF_HOME: '~/hf' }, { 'hf/token': 'hf_d' }, 'hf_d'],
  [
    'HF_TOKEN_PATH before that',
    { HF_TOKEN_PATH: '~/t', HF_HOME: '~/hf' },
    { t: 'hf_e', 'hf/token': 'x' },
    'hf_e',
  ],
  ['XDG_CACHE_HOME', { XDG_CACHE_HOME: '~/c' }, { 'c/huggingface/token': 'hf_f' }, 'hf_f'],
  ['an empty file is none', {}, { '.cache/huggingface/token': '\n' }, undefined],
])('%s', async (_, env, files, expected) => {
  const root = await home(files);
  const given = Object.fromEntries(
    Object.entries(env).map(([name, value]) => [name, value.replace('~', root)]),
  );
  expect(await hubToken({ env: given, home: root })).toBe(expected);
});
