import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { UploadProgress } from '../../src/hub/index.ts';
import { AT, bundleOf, FILES, hub, pathsOf, publish, REPO, releaseOf, SIGNER } from './place.ts';

const PUBLISHED = [
  '.gitattributes',
  'LICENSE',
  'README.md',
  'config.json',
  'metrics.json',
  'model.onnx',
  'model.safetensors',
  'model_card.json',
  'sv72.json',
  'sv72.signature.json',
];

describe('publishing', () => {
  it('makes the repository, commits everything at once, and reads it back as anybody', async () => {
    const double = await hub();
    const { record, committed, verdict } = await publish(double);
    expect(pathsOf(double)).toEqual(PUBLISHED);
    const repo = double.repos.get(REPO.id);
    expect(repo?.commits.map(({ title }) => title)).toEqual(['roadwork-test 1.2.0', 'initial commit']);
    expect(repo?.visibility).toBe('public');
    expect(committed).toBe(true);
    expect(verdict).toMatchObject({ ok: true, hotkey: SIGNER.ss58, unlisted: [] });
    expect(record).toMatchObject({
      repo: REPO.id,
      revision: repo?.head.id,
      version: '1.2.0',
      hotkey: SIGNER.ss58,
      submittedAt: AT,
      visibility: 'public',
      rollbackOf: null,
    });
    const reads = double.seen
      .filter(({ step }) => step === 'resolve')
      .map(({ path }) => path.split('/').at(-1));
    expect(reads).toEqual(expect.arrayContaining(PUBLISHED.slice(1)));
  });

  it('sends large files in parts where the storage asks for it', async () => {
    const double = await hub({ chunkBytes: 7_000 });
    const { verdict } = await publish(double);
    expect(verdict.ok).toBe(true);
    expect(double.seen.filter(({ step }) => step === 'complete')).toHaveLength(2);
    expect(double.seen.filter(({ step }) => step === 'put').length).toBeGreaterThan(8);
  });

  it('confirms each large file where the Hub asks for it, and Xet is not offered', async () => {
    const double = await hub({ chunkBytes: 7_000 });
    await publish(double);
    expect(double.seen.filter(({ step }) => step === 'verify')).toHaveLength(2);
  });

  it('what becomes private is hidden before the new release is there', async () => {
    const double = await hub();
    await publish(double);
    const seen: string[] = [];
    double.faults.plan('commit', {
      first: () => void seen.push(double.repos.get(REPO.id)?.visibility ?? ''),
    });
    const release = await releaseOf(await bundleOf({ version: '1.3.0' }));
    const { record } = await publish(double, { release, visibility: 'private' });
    expect(seen).toEqual(['private']);
    expect(record.visibility).toBe('private');
  });

  it('what becomes public is shown when the new release is there', async () => {
    const double = await hub();
    await publish(double, { visibility: 'private' });
    const seen: string[] = [];
    double.faults.plan('commit', { last: () => void seen.push(double.repos.get(REPO.id)?.visibility ?? '') });
    const release = await releaseOf(await bundleOf({ version: '1.3.0' }));
    await publish(double, { release, visibility: 'public' });
    expect(seen).toEqual(['private']);
    expect(double.repos.get(REPO.id)?.visibility).toBe('public');
  });

  it('follows every page of a listing', async () => {
    const double = await hub({ pageSize: 2 });
    expect((await publish(double)).verdict.ok).toBe(true);
  });

  it('tells how far each large file is', async () => {
    const double = await hub({ chunkBytes: 7_000 });
    const seen: UploadProgress[] = [];
    await publish(double, { onProgress: (progress) => seen.push(progress) });
    const sent = seen.flatMap((p) => (p.state === 'sending' && p.path === 'model.onnx' ? [p.sent] : []));
    expect(sent.at(-1)).toBe(50_000);
    expect(sent.some((bytes) => bytes > 0 && bytes < 50_000)).toBe(true);
    expect(seen.flatMap((p) => (p.state === 'sent' ? [p.path] : []))).toEqual([
      'model.onnx',
      'model.safetensors',
    ]);
  });

  it('finds a release that is there, and commits nothing', async () => {
    const double = await hub();
    const bundle = await bundleOf();
    const first = await publish(double, { release: await releaseOf(bundle) });
    const second = await publish(double, { release: await releaseOf(bundle, { at: AT + 100 }) });
    expect(second.committed).toBe(false);
    expect(second.record).toMatchObject({ revision: first.record.revision, submittedAt: AT });
    expect(double.repos.get(REPO.id)?.commits).toHaveLength(2);
  });

  it('publishes other files only under a higher version', async () => {
    const double = await hub();
    await publish(double);
    const changed = FILES.map((file) =>
      file.role === 'model' ? { ...file, content: 'other weights' } : file,
    );
    const bundle = await bundleOf({}, changed);
    await expect(publish(double, { release: await releaseOf(bundle) })).rejects.toMatchObject({
      code: 'ERR_RELEASE_VERSION',
      next: expect.stringContaining('--release-version 1.2.1'),
    });
    await expect(
      publish(double, { release: await releaseOf(bundle, { version: '1.1.9' }) }),
    ).rejects.toMatchObject({
      code: 'ERR_RELEASE_VERSION',
    });
    const { record } = await publish(double, { release: await releaseOf(bundle, { version: '1.10.0' }) });
    expect(record.version).toBe('1.10.0');
  });

  it('removes what an earlier release listed and this one does not, and leaves the rest alone', async () => {
    const double = await hub();
    await publish(double);
    const repo = double.repos.get(REPO.id);
    repo?.add(
      'a picture',
      '',
      new Map([...repo.head.tree, ['banner.txt', { kind: 'content', content: Buffer.from('hi') }]]),
    );
    const fewer = FILES.filter(({ path }) => path !== 'metrics.json' && !path.startsWith('checkpoint/'));
    const bundle = await bundleOf({ version: '2.0.0' }, fewer);
    const { verdict } = await publish(double, { release: await releaseOf(bundle) });
    expect(pathsOf(double)).toEqual(
      [...PUBLISHED.filter((path) => !/metrics|config\.json|safetensors/.test(path)), 'banner.txt'].sort(),
    );
    expect(verdict.unlisted).toEqual(['banner.txt']);
  });

  it('does not send again what the storage has', async () => {
    const double = await hub();
    const bundle = await bundleOf();
    await publish(double, { release: await releaseOf(bundle) });
    double.forget();
    const states: string[] = [];
    await publish(double, {
      release: await releaseOf(bundle, { version: '1.3.0' }),
      onProgress: ({ state }) => states.push(state),
    });
    expect(double.seen.filter(({ step }) => step === 'put')).toEqual([]);
  });
});

describe('a file that changes while it is published', () => {
  it.each([
    ['before it is sent', 'batch', 'model.onnx'],
    ['while it is sent', 'put', 'model.onnx'],
    ['before it is committed', 'preupload', 'metrics.json'],
  ] as const)('%s, to the same size, ends it', async (_, step, path) => {
    const double = await hub({ chunkBytes: 4_000 });
    const bundle = await bundleOf();
    const release = await releaseOf(bundle);
    const file = join(bundle.dir, path);
    const { size } = await stat(file);
    double.faults.plan(step, { first: async () => await writeFile(file, Buffer.alloc(size, 1)) });
    await expect(publish(double, { release })).rejects.toMatchObject({
      code: 'ERR_BUNDLE_DAMAGED',
    });
    expect(double.repos.get(REPO.id)).toBeUndefined();
  });
});

describe('visibility', () => {
  it('a private repository is read back with the token, and made public when asked', async () => {
    const double = await hub();
    const bundle = await bundleOf();
    const first = await publish(double, { release: await releaseOf(bundle), visibility: 'private' });
    expect(first.record.visibility).toBe('private');
    expect(double.repos.get(REPO.id)?.visibility).toBe('private');
    const second = await publish(double, { release: await releaseOf(bundle), visibility: 'public' });
    expect(second).toMatchObject({ committed: false, record: { visibility: 'public' } });
    expect(double.repos.get(REPO.id)?.visibility).toBe('public');
  });

  it('stays as it is when nothing is asked', async () => {
    const double = await hub();
    await publish(double, { visibility: 'private' });
    const bundle = await bundleOf({ version: '1.3.0' });
    const { record } = await publish(double, { release: await releaseOf(bundle) });
    expect(record.visibility).toBe('private');
  });
});
