import { describe, expect, it } from 'vitest';
import { planRollback, planUpload, rollback } from '../../src/hub/index.ts';
import type { HubDouble } from '../support/hub/index.ts';
import { AT, bundleOf, client, FILES, hub, publish, REPO, releaseOf } from './place.ts';

const content = (text: string) => ({ kind: 'content', content: Buffer.from(text) }) as const;

/** Somebody edits files on the Hub’s own pages; null takes one away. */
function edit(double: HubDouble, files: Readonly<Record<string, string | null>>): void {
  const repo = double.repos.get(REPO.id);
  const tree = new Map(repo?.head.tree);
  for (const [path, text] of Object.entries(files)) {
    if (text === null) tree.delete(path);
    else tree.set(path, content(text));
  }
  repo?.add('an edit', '', tree);
}

function textOf(double: HubDouble, path: string): string {
  const entry = double.repos.get(REPO.id)?.head.tree.get(path);
  return entry?.kind === 'content' ? entry.content.toString() : '';
}

describe('a release whose files were edited on the Hub', () => {
  it.each([
    [
      'the page, to the same size',
      (double: HubDouble) => {
        edit(double, { 'README.md': textOf(double, 'README.md').replace('Version', 'version') });
      },
    ],
    ['the page', (double: HubDouble) => edit(double, { 'README.md': 'mine' })],
    ['figures, to the same size', (double: HubDouble) => edit(double, { 'metrics.json': '{"mcc": 0.99}\n' })],
    ['figures, taken away', (double: HubDouble) => edit(double, { 'metrics.json': null })],
    ['the signature', (double: HubDouble) => edit(double, { 'sv72.signature.json': '{}' })],
    ['weights, replaced by a text', (double: HubDouble) => edit(double, { 'model.onnx': 'version https' })],
  ])('is put right under its own version: %s', async (_, change) => {
    const double = await hub();
    const bundle = await bundleOf();
    await publish(double, { release: await releaseOf(bundle) });
    change(double);
    const again = await publish(double, { release: await releaseOf(bundle, { at: AT + 60 }) });
    expect(again).toMatchObject({ committed: true, verdict: { ok: true }, record: { version: '1.2.0' } });
    const third = await publish(double, { release: await releaseOf(bundle, { at: AT + 90 }) });
    expect(third.committed).toBe(false);
  });

  it('but other weights still need a higher version', async () => {
    const double = await hub();
    await publish(double);
    edit(double, { 'README.md': 'mine' });
    await expect(publish(double)).resolves.toMatchObject({ committed: true });
    const files = FILES.map((file) => (file.path === 'model.onnx' ? { ...file, content: 'others' } : file));
    await expect(
      publish(double, { release: await releaseOf(await bundleOf({}, files)) }),
    ).rejects.toMatchObject({
      code: 'ERR_RELEASE_VERSION',
    });
  });
});

describe('after an earlier release was put back', () => {
  it('a version that was published is not given to other files', async () => {
    const double = await hub();
    const first = await publish(double);
    const second = await publish(double, { release: await releaseOf(await bundleOf({ version: '1.3.0' })) });
    const options = { outsider: client(double, { token: undefined }), now: () => AT * 1000 };
    const plan = await planRollback(client(double), REPO, first.record.revision, options);
    await rollback(client(double), plan, options);

    const other = FILES.map((file) => (file.path === 'model.onnx' ? { ...file, content: 'others' } : file));
    const taken = await releaseOf(await bundleOf({ version: '1.3.0' }, other));
    await expect(publish(double, { release: taken })).rejects.toMatchObject({
      code: 'ERR_RELEASE_VERSION',
      message: expect.stringContaining('published version 1.3.0'),
      next: expect.stringMatching(
        new RegExp(
          `--release-version 1\\.3\\.1, or put 1\\.3\\.0 back with --rollback ${second.record.revision.slice(0, 12)}`,
        ),
      ),
    });
    const free = await releaseOf(await bundleOf({ version: '1.3.1' }, other));
    await expect(publish(double, { release: free })).resolves.toMatchObject({ committed: true });
  });
});

describe('the plan', () => {
  it('has the hash of every file that is published, and what is not ours is left', async () => {
    const double = await hub();
    const bundle = await bundleOf();
    await publish(double, { release: await releaseOf(bundle) });
    edit(double, { 'banner.txt': 'hi' });
    const plan = await planUpload(client(double), { repo: REPO, release: await releaseOf(bundle) });
    expect(plan.state).toBe('published');
    const of = (path: string) => plan.changes.find((change) => change.path === path);
    expect(of('LICENSE')).toMatchObject({ change: 'same', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(of('banner.txt')).toMatchObject({ change: 'left', sha256: null });
    expect(of('.gitattributes')).toMatchObject({ change: 'left' });
  });
});
