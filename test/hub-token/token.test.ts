import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { findToken, HubToken, textOf, tokenPath } from '../../src/hub-token/index.ts';
import { client, hub, publish, temporaryFolder } from '../hub/place.ts';
import { TOKEN } from '../support/hub/index.ts';

const one = `hf_${'one'.repeat(10)}`;
const two = `hf_${'two'.repeat(10)}`;

async function home(files: Readonly<Record<string, string>> = {}) {
  const dir = await temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text);
  }
  return (env: Readonly<Record<string, string>> = {}) => ({ env, home: dir, cwd: dir });
}

describe('where a token comes from, in order', () => {
  const USUAL = '.cache/huggingface/token';

  it('what was given, before all others', async () => {
    const at = await home({ [USUAL]: two });
    const token = await findToken({
      given: { text: `${one}\n`, from: 'file descriptor 3' },
      at: at({ HF_TOKEN: two }),
    });
    expect(token?.from).toBe('file descriptor 3');
  });

  it('HF_TOKEN before its old name before the file', async () => {
    const at = await home({ [USUAL]: two });
    const all = { HF_TOKEN: one, HUGGING_FACE_HUB_TOKEN: two };
    expect((await findToken({ at: at(all) }))?.from).toBe('HF_TOKEN');
    expect((await findToken({ at: at({ ...all, HF_TOKEN: '' }) }))?.from).toBe('HUGGING_FACE_HUB_TOKEN');
    expect((await findToken({ at: at() }))?.from).toMatch(/\.cache\/huggingface\/token$/);
  });

  it.each([
    ['HF_TOKEN_PATH', { HF_TOKEN_PATH: '~/mine', HF_HOME: '~/hf', XDG_CACHE_HOME: '/x' }, 'mine'],
    ['HF_HOME', { HF_HOME: '~/hf', XDG_CACHE_HOME: '/x' }, 'hf/token'],
    ['XDG_CACHE_HOME', { XDG_CACHE_HOME: '~/c' }, 'c/huggingface/token'],
    ['nothing', {}, USUAL],
  ])('the file by %s', async (_, env, path) => {
    const at = (await home({ [path]: one }))(env);
    expect(tokenPath(at)).toBe(join(at.home, path));
    expect((await findToken({ at }))?.from).toBe(join(at.home, path));
  });

  it('without the spaces around it', async () => {
    const token = await findToken({ at: (await home())({ HF_TOKEN: ` ${one}\n` }) });
    expect(token && textOf(token)).toBe(one);
  });

  it('an empty file is none', async () =>
    expect(await findToken({ at: (await home({ [USUAL]: '\n' }))() })).toBeUndefined());

  it('or from nowhere', async () => expect(await findToken({ at: (await home())() })).toBeUndefined());

  it.each(['', 'secret', 'hf_', 'hf_ab cd efghij', `Bearer ${one}`])('%j is no token', async (text) => {
    const at = (await home())();
    const refused = await findToken({ given: { text, from: 'file descriptor 3' }, at }).catch(
      (error: unknown) => error,
    );
    expect(refused).toMatchObject({ code: 'ERR_HUB_TOKEN' });
    if (text.length > 3) expect(String(refused)).not.toContain(text);
  });
});

describe('a token is never shown', () => {
  it('by anything that prints or serialises it or a client that has it', async () => {
    const double = await hub();
    const token = new HubToken(TOKEN, 'HF_TOKEN');
    const all = [inspect(token, { depth: 9, showHidden: true }), JSON.stringify({ token }), String(token)];
    all.push(inspect(client(double).token));
    for (const text of all) expect(text).not.toContain(TOKEN);
  });

  it('by a Hub that repeats it in an error', async () => {
    const double = await hub();
    double.faults.plan('preupload', { status: 400, json: { error: `bad token ${TOKEN} here` } });
    const refused = await publish(double).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'ERR_HUB_REFUSED' });
    expect(inspect(refused, { depth: 9 })).not.toContain(TOKEN);
  });
});
