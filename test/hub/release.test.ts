import { describe, expect, it } from 'vitest';
import { type NewBundleFile, parseManifest } from '../../src/bundle/index.ts';
import { type Release, readCard, readSignature } from '../../src/hub/index.ts';
import { newMnemonic } from '../../src/wallet/index.ts';
import { AT, bundleOf, FILES, REPO, releaseOf, SIGNER, safetensors } from './place.ts';

async function textOf(release: Release, path: string): Promise<string> {
  const file = release.files.find((candidate) => candidate.path === path);
  if (file === undefined) throw new Error(`${path} is not in the release`);
  return await (await file.open()).text();
}

const VARIANT = {
  name: 'int8-static',
  path: 'model.int8.onnx',
  at: '2026-11-20T00:00:00Z',
  settings: {},
  tools: {},
  gate: {
    passed: true,
    reason: null,
    device: 'cpu' as const,
    dataset: { name: 'streets', fingerprint: 'f' },
    generations: [1],
    levels: [0],
    seed: 1,
    pictures: 1000,
    flips: 1,
    limit: 0.002,
    worst: 0.1,
    mean: 0.01,
    reward: { source: 0.9, variant: 0.9, difference: 0, low: -0.01, high: 0.01 },
  },
  latency: { device: 'cpu' as const, threads: 1, sourceMs: 10, variantMs: 5, machine: 'a processor' },
};

/** A bundle with a variant of its model. */
async function withVariant(change: { passed?: boolean; reason?: string } = {}) {
  const int8: NewBundleFile = { path: VARIANT.path, role: 'model', precision: 'int8', content: 'smaller' };
  const plain = await bundleOf({}, FILES.slice(0, 1));
  const from = { path: 'model.onnx', sha256: plain.manifest.files[0]?.sha256 ?? '' };
  const variants = [{ ...VARIANT, from, gate: { ...VARIANT.gate, ...change } }];
  return await bundleOf({ variants }, [...FILES.slice(0, 1), int8]);
}

describe('the set of files', () => {
  it('is what the manifest lists and others can use, with the page, the card and the signature', async () => {
    const release = await releaseOf(await bundleOf());
    expect(release.files.map(({ path }) => path)).toEqual([
      'LICENSE',
      'README.md',
      'config.json',
      'metrics.json',
      'model.onnx',
      'model.safetensors',
      'model_card.json',
      'sv72.json',
      'sv72.signature.json',
    ]);
    expect(release.left).toEqual([
      { path: 'engines/model.plan', why: 'built for one machine' },
      { path: 'README.md', why: 'the bundle’s own; it is written anew' },
      { path: 'train.log', why: 'of no use to others' },
    ]);
  });

  it('is a valid bundle again: its manifest lists every other file with hash and size', async () => {
    const release = await releaseOf(await bundleOf());
    const manifest = parseManifest(await textOf(release, 'sv72.json'));
    const rest = release.files.filter(({ path }) => !/^sv72\./.test(path));
    expect(manifest.files.map(({ path, bytes, sha256 }) => ({ path, bytes, sha256 })).sort(byPath)).toEqual(
      rest.map(({ path, bytes, sha256 }) => ({ path, bytes, sha256 })).sort(byPath),
    );
  });

  it('has variants that passed their gate', async () => {
    const release = await releaseOf(await withVariant());
    expect(release.files.map(({ path }) => path)).toContain(VARIANT.path);
    expect(release.manifest.variants).toHaveLength(1);
  });

  it('has no variant that failed its gate or was not chosen', async () => {
    const failed = await releaseOf(await withVariant({ passed: false, reason: 'too many flips' }));
    expect(failed.left).toEqual([{ path: VARIANT.path, why: 'did not pass its gate' }]);
    expect(failed.manifest.variants).toEqual([]);
    const other = await releaseOf(await withVariant(), { variants: [] });
    expect(other.left).toEqual([{ path: VARIANT.path, why: 'not chosen' }]);
  });

  it('has the recipe, so that others can make it again', async () => {
    const recipe: NewBundleFile = { path: 'training/recipe.json', role: 'other', content: '{}' };
    const release = await releaseOf(await bundleOf({}, [...FILES.slice(0, 1), recipe]));
    expect(release.files.map(({ path }) => path)).toContain('training/recipe.json');
  });

  it('a variant that is not there is refused', async () => {
    await expect(releaseOf(await withVariant(), { variants: ['fp16'] })).rejects.toMatchObject({
      code: 'ERR_BUNDLE_VARIANT',
    });
  });
});

describe('secrets and other things that stay', () => {
  it.each<[string, NewBundleFile]>([
    ['a key by its name', { path: 'server.pem', role: 'metrics', content: 'x' }],
    ['a wallet', { path: 'wallets/main/coldkey', role: 'notice', content: 'x' }],
    ['training data', { path: 'train.parquet', role: 'metrics', content: 'x' }],
    ['training state', { path: 'last.ckpt', role: 'metrics', content: 'x' }],
    ['a token in a text', { path: 'NOTICE', role: 'notice', content: `see hf_${'a1B2'.repeat(9)}` }],
    [
      'a private key in a text',
      { path: 'NOTICE', role: 'notice', content: '-----BEGIN PRIVATE KEY-----\nMII' },
    ],
    [
      'a hotkey file',
      { path: 'report.json', role: 'metrics', content: '{"secretPhrase": "bottom drive obey"}' },
    ],
    [
      'the words of a wallet, numbered',
      {
        path: 'NOTICE',
        role: 'notice',
        content: `My notes:\n${newMnemonic()
          .split(' ')
          .map((word, i) => `${i + 1}. ${word}`)
          .join('\n')}\n`,
      },
    ],
    ['a Telegram bot', { path: 'NOTICE', role: 'notice', content: `bot 123456789:AA${'x'.repeat(33)}` }],
    [
      'a Discord channel',
      {
        path: 'NOTICE',
        role: 'notice',
        content: `https://discord.com/api/webhooks/123456/${'aB3'.repeat(20)}`,
      },
    ],
    [
      'a Slack channel',
      {
        path: 'NOTICE',
        role: 'notice',
        content: `https://hooks.slack.com/services/T0AB/B0CD/${'aB3'.repeat(8)}`,
      },
    ],
    ['an encrypted coldkey', { path: 'report.json', role: 'metrics', content: '$NACL\u0001\u0002' }],
  ])('%s is refused', async (_, file) => {
    const bundle = await bundleOf({}, [...FILES.slice(0, 1), file]);
    const refused = await releaseOf(bundle).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'ERR_RELEASE_CONTENT', details: { file: file.path } });
    expect(String(refused)).not.toContain('hf_a1B2');
  });

  it('in the description too', async () => {
    const bundle = await bundleOf({ description: `token hf_${'Z9'.repeat(18)}` }, FILES.slice(0, 1));
    await expect(releaseOf(bundle)).rejects.toMatchObject({ code: 'ERR_RELEASE_CONTENT' });
  });
});

describe('the card', () => {
  it('has the five fields as the subnet asks for them', async () => {
    const release = await releaseOf(await bundleOf());
    const text = await textOf(release, 'model_card.json');
    expect(JSON.parse(text)).toEqual({
      model_name: 'roadwork-test',
      description: 'Says whether a street picture shows | road works <now>.',
      version: '1.2.0',
      submitted_by: SIGNER.ss58,
      submission_time: AT,
    });
    expect(readCard(text, AT).problems).toEqual([]);
  });

  it('takes no version but X.Y.Z', async () => {
    const bundle = await bundleOf({ version: '1.2.3-rc.1' });
    await expect(releaseOf(bundle)).rejects.toMatchObject({ code: 'ERR_RELEASE_VERSION' });
    expect((await releaseOf(bundle, { version: '1.2.3' })).card.version).toBe('1.2.3');
  });
});

describe('the signature', () => {
  it('is the hotkey’s, over the hash of the manifest, the version and the repository', async () => {
    const release = await releaseOf(await bundleOf());
    const signature = readSignature(await textOf(release, 'sv72.signature.json'));
    expect(signature).toEqual({
      valid: true,
      statement: {
        repo: REPO.id,
        version: '1.2.0',
        manifestSha256: release.manifestSha256,
        at: AT,
        hotkey: SIGNER.ss58,
      },
    });
  });
});

describe('the checkpoint', () => {
  const model = FILES.slice(0, 1);
  const config = (fields: object): NewBundleFile => ({
    path: 'hf/config.json',
    role: 'other',
    content: JSON.stringify(fields),
  });
  const weights: NewBundleFile = { path: 'hf/model.safetensors', role: 'other', content: safetensors(100) };
  const good = { architecture: 'vit', label_names: ['None', 'Roadwork'] };

  it('goes to the root, without the field that transformers stumbles over', async () => {
    const release = await releaseOf(await bundleOf());
    const written = JSON.parse(await textOf(release, 'config.json'));
    expect(written.model_args).toEqual({ img_size: 224 });
    expect(written).toMatchObject({
      architecture: 'test_vit',
      num_classes: 2,
      label_names: ['None', 'Roadwork'],
    });
    expect(release.noCheckpoint).toBeUndefined();
  });

  it.each<[string, NewBundleFile[], string]>([
    ['nothing', [], 'holds no checkpoint'],
    ['weights of another name', [{ ...weights, path: 'last.safetensors' }], 'not as model.safetensors'],
    ['weights alone', [weights], 'without a config.json'],
  ])('with %s it is said plainly that the pipeline cannot load it', async (_, files, said) => {
    const release = await releaseOf(await bundleOf({}, [...model, ...files]));
    expect(release.noCheckpoint).toContain(said);
    expect(await textOf(release, 'README.md')).toContain(said);
    expect(release.files.map(({ path }) => path)).not.toContain('model.safetensors');
  });

  it.each<[string, NewBundleFile, NewBundleFile, string]>([
    [
      'cut off',
      { ...weights, content: safetensors(100).subarray(0, 90) },
      config(good),
      'do not fill the file',
    ],
    ['no safetensors', { ...weights, content: 'PK\u0003\u0004 a zip file' }, config(good), 'no header'],
    ['of one class', weights, config({ ...good, label_names: ['x'] }), '1 labels'],
    ['of no architecture', weights, config({ label_names: ['None', 'Roadwork'] }), 'names no architecture'],
    ['with a broken configuration', weights, { ...config({}), content: '{' }, 'no JSON'],
  ])('one that is %s is refused', async (_, file, settings, said) => {
    const bundle = await bundleOf({}, [...model, file, settings]);
    await expect(releaseOf(bundle)).rejects.toMatchObject({
      code: 'ERR_RELEASE_CHECKPOINT',
      message: expect.stringContaining(said),
    });
    expect((await releaseOf(bundle, { checkpoint: false })).noCheckpoint).toBe(
      'The checkpoint was left out.',
    );
  });
});

function byPath(a: { path: string }, b: { path: string }): number {
  return a.path < b.path ? -1 : 1;
}
