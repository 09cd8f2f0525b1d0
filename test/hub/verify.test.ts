import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderSource, type Verdict, verdictLines, verifyRelease } from '../../src/hub/index.ts';
import { keypairFromSeed } from '../../src/wallet/index.ts';
import { AT, bundleOf, REPO, releaseOf, SIGNER, sharedRelease, temporaryFolder } from './place.ts';

const release = sharedRelease();

/** The release as somebody has it who downloaded it. */
async function downloaded(files = release().files): Promise<string> {
  const dir = await temporaryFolder();
  for (const file of files) {
    await mkdir(dirname(join(dir, file.path)), { recursive: true });
    await writeFile(join(dir, file.path), Buffer.from(await (await file.open()).arrayBuffer()));
  }
  return dir;
}

async function look(dir: string, options: { repo?: string; hotkey?: string } = {}): Promise<Verdict> {
  return await verifyRelease({ source: folderSource(dir), now: AT, ...options });
}

const wrong = ({ findings }: Verdict) => findings.filter(({ ok }) => !ok).map(({ name }) => name);

describe('a release that is as it should be', () => {
  it('has nothing wrong', async () => {
    const verdict = await look(await downloaded(), { repo: REPO.id, hotkey: SIGNER.ss58 });
    expect(verdict).toMatchObject({ ok: true, hotkey: SIGNER.ss58, unlisted: [] });
    expect(verdict.findings.map(({ name }) => name)).toEqual([
      'manifest',
      'files',
      'signature',
      'repository',
      'hotkey',
      'card',
    ]);
  });

  it('may consist of links, as the Hub’s own cache makes them', async () => {
    const [dir, links] = [await downloaded(), await temporaryFolder()];
    for (const { path } of release().files) await symlink(join(dir, path), join(links, path));
    expect((await look(links)).ok).toBe(true);
  });

  it('may have further files, which are named', async () => {
    const dir = await downloaded();
    await writeFile(join(dir, 'extra.py'), 'print()');
    expect(await look(dir)).toMatchObject({ ok: true, unlisted: ['extra.py'] });
  });
});

describe('whatever was changed is found', () => {
  const edit = async (dir: string, path: string, change: (text: string) => string) =>
    await writeFile(join(dir, path), change(await readFile(join(dir, path), 'utf8')));

  it.each<[string, (dir: string) => Promise<unknown>, string[]]>([
    [
      'one byte of the model',
      async (dir) => {
        const bytes = await readFile(join(dir, 'model.onnx'));
        bytes.writeUInt8((bytes.at(777) ?? 0) ^ 1, 777);
        await writeFile(join(dir, 'model.onnx'), bytes);
      },
      ['files'],
    ],
    ['a byte too many', (dir) => edit(dir, 'metrics.json', (text) => `${text} `), ['files']],
    ['a file that is gone', (dir) => rm(join(dir, 'LICENSE')), ['files']],
    [
      'the manifest, with the hash of a changed file',
      (dir) => edit(dir, 'sv72.json', (t) => t.replace('pictures of streets', 'other data')),
      ['signature'],
    ],
    ['a manifest that is none', (dir) => edit(dir, 'sv72.json', () => '{}'), ['manifest', 'signature']],
    ['no manifest', (dir) => rm(join(dir, 'sv72.json')), ['manifest', 'signature']],
    ['no signature', (dir) => rm(join(dir, 'sv72.signature.json')), ['signature']],
    ['a signature that is none', (dir) => edit(dir, 'sv72.signature.json', () => '[]'), ['signature']],
    [
      'another repository in the signature',
      (dir) => edit(dir, 'sv72.signature.json', (t) => t.replace(REPO.id, 'mallory/roadwork')),
      ['signature'],
    ],
    [
      'another time in the signature',
      (dir) => edit(dir, 'sv72.signature.json', (t) => t.replace(String(AT), String(AT + 1))),
      ['signature'],
    ],
    [
      'the hotkey in the card',
      (dir) =>
        edit(dir, 'model_card.json', (t) =>
          t.replace(SIGNER.ss58, keypairFromSeed(Buffer.alloc(32, 9)).ss58),
        ),
      ['files', 'card'],
    ],
    [
      'milliseconds in the card',
      (dir) => edit(dir, 'model_card.json', (t) => t.replace(String(AT), `${AT}000`)),
      ['files', 'card'],
    ],
    ['no card', (dir) => rm(join(dir, 'model_card.json')), ['files', 'card']],
  ])('%s', async (_, change, names) => {
    const dir = await downloaded();
    await change(dir);
    const verdict = await look(dir);
    expect(verdict.ok).toBe(false);
    expect(wrong(verdict)).toEqual(names);
  });

  it('a signature of somebody else’s key under our name', async () => {
    const mallory = keypairFromSeed(Buffer.alloc(32, 9));
    const theirs = await releaseOf(await bundleOf(), { signer: mallory });
    const verdict = await look(await downloaded(theirs.files), { hotkey: SIGNER.ss58 });
    expect(wrong(verdict)).toEqual(['hotkey']);
    expect(verdict.hotkey).toBe(mallory.ss58);
  });

  it('a release copied into another repository', async () => {
    expect(wrong(await look(await downloaded(), { repo: 'mallory/roadwork' }))).toEqual(['repository']);
  });

  it('a link to nothing is a missing file', async () => {
    const dir = await downloaded();
    await rm(join(dir, 'metrics.json'));
    await symlink(join(dir, 'nowhere'), join(dir, 'metrics.json'));
    expect(wrong(await look(dir))).toEqual(['files']);
  });

  it('a folder that is not there', async () => {
    const dir = join(await temporaryFolder(), 'gone');
    await expect(look(dir)).rejects.toMatchObject({ code: 'ERR_FILE_READ' });
  });

  it('an empty folder', async () => {
    expect(wrong(await look(await temporaryFolder()))).toEqual(['manifest', 'signature', 'card']);
  });
});

describe('what strangers wrote does not steer the terminal', () => {
  const EVIL = '\u001b]0;title\u0007\u001b[2J\n\u202eok';

  it('names of files', async () => {
    const dir = await downloaded();
    await writeFile(join(dir, `extra${EVIL}`), 'x');
    const lines = verdictLines(await look(dir));
    expect(lines.join('')).toContain('not covered by the signature: extra');
    expect(lines.join('')).not.toMatch(/[\p{Cc}\u202e]/u);
  });

  it('what they signed', async () => {
    const theirs = await releaseOf(await bundleOf(), { repo: `mallory/${EVIL}` });
    const verdict = await look(await downloaded(theirs.files), { repo: REPO.id });
    expect(wrong(verdict)).toEqual(['repository']);
    expect(JSON.stringify(verdict.findings)).not.toMatch(/\\u001b|\\n/);
  });
});
