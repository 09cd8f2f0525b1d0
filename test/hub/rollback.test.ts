import { describe, expect, it } from 'vitest';
import { planRollback, rollback, type Uploaded } from '../../src/hub/index.ts';
import type { HubDouble } from '../support/hub/index.ts';
import { AT, bundleOf, client, FILES, hub, pathsOf, publish, REPO, releaseOf } from './place.ts';

/** A repository with version 1.2.0, then 2.0.0 with other weights, one file less and one more. */
async function twoReleases() {
  const double = await hub();
  const first = await publish(double);
  const files = FILES.filter(({ path }) => path !== 'metrics.json').map((file) =>
    file.role === 'model' ? { ...file, content: 'other weights' } : file,
  );
  const bundle = await bundleOf({ version: '2.0.0' }, [
    ...files,
    { path: 'NOTICE', role: 'notice', content: 'new\n' },
  ]);
  const second = await publish(double, { release: await releaseOf(bundle) });
  double.forget();
  return { double, first, second };
}

async function putBack(double: HubDouble, revision: string): Promise<Uploaded> {
  const now = () => AT * 1000;
  const plan = await planRollback(client(double), REPO, revision, { now });
  return await rollback(client(double), plan, { outsider: client(double, { token: undefined }), now });
}

const treeOf = (double: HubDouble, back: number) => double.repos.get(REPO.id)?.commits[back]?.tree;

describe('putting an earlier revision back', () => {
  it('is a new commit with the very files of then, signature and card included, and sends no large file', async () => {
    const { double, first } = await twoReleases();
    const { record, verdict, committed } = await putBack(double, first.record.revision.slice(0, 9));
    expect(committed).toBe(true);
    expect(double.repos.get(REPO.id)?.commits).toHaveLength(4);
    expect(treeOf(double, 0)).toEqual(treeOf(double, 2));
    expect(double.seen.filter(({ step }) => step === 'put' || step === 'batch')).toEqual([]);
    expect(verdict.ok).toBe(true);
    expect(record).toMatchObject({
      version: '1.2.0',
      rollbackOf: first.record.revision,
      revision: double.repos.get(REPO.id)?.head.id,
      submittedAt: AT,
    });
  });

  it('is planned with whose token it is and the hash of every file', async () => {
    const { double, first } = await twoReleases();
    const plan = await planRollback(client(double), REPO, first.record.revision, { now: () => AT * 1000 });
    expect(plan.user).toBe('alice');
    const listed = new Map(first.record.files.map(({ path, sha256 }) => [path, sha256]));
    const of = (path: string) => plan.changes.find((change) => change.path === path);
    expect(of('model.onnx')).toMatchObject({ change: 'replace', sha256: listed.get('model.onnx') });
    expect(of('metrics.json')).toMatchObject({ change: 'add', sha256: listed.get('metrics.json') });
    expect(of('NOTICE')).toMatchObject({ change: 'remove', sha256: null });
  });

  it('can be put back again', async () => {
    const { double, first, second } = await twoReleases();
    await putBack(double, first.record.revision);
    await putBack(double, second.record.revision);
    expect(treeOf(double, 0)).toEqual(treeOf(double, 2));
    expect(pathsOf(double)).toContain('NOTICE');
    expect(pathsOf(double)).not.toContain('metrics.json');
  });

  it('of what is there already commits nothing', async () => {
    const { double, second } = await twoReleases();
    expect((await putBack(double, second.record.revision)).committed).toBe(false);
    expect(double.repos.get(REPO.id)?.commits).toHaveLength(3);
  });

  it('leaves files alone that are not of a release', async () => {
    const { double, first } = await twoReleases();
    const repo = double.repos.get(REPO.id);
    const banner = { kind: 'content', content: Buffer.from('hi') } as const;
    repo?.add('a banner', '', new Map([...repo.head.tree, ['banner.txt', banner]]));
    await putBack(double, first.record.revision);
    expect(pathsOf(double)).toContain('banner.txt');
  });

  it('survives a lost answer, and does not write over somebody else', async () => {
    const { double, first, second } = await twoReleases();
    double.faults.plan('commit', { reset: 'after' });
    await putBack(double, first.record.revision);
    expect(double.repos.get(REPO.id)?.commits).toHaveLength(4);
    const repo = double.repos.get(REPO.id);
    double.faults.plan('commit', { first: () => void repo?.add('by somebody else', '', repo.head.tree) });
    await expect(putBack(double, second.record.revision)).rejects.toMatchObject({ code: 'ERR_HUB_CHANGED' });
  });

  it.each([
    ['that is not there', 'abcdef0123'],
    ['that is too short', 'abc'],
    ['that is no commit', 'main'],
  ])('refuses a revision %s', async (_, revision) => {
    const { double } = await twoReleases();
    await expect(putBack(double, revision)).rejects.toMatchObject({ code: 'ERR_HUB_NOT_FOUND' });
  });

  it('refuses a revision that is no whole release', async () => {
    const { double } = await twoReleases();
    const initial = double.repos.get(REPO.id)?.commits.at(-1)?.id ?? '';
    await expect(putBack(double, initial)).rejects.toMatchObject({
      code: 'ERR_HUB_READ_BACK',
      message: expect.stringContaining('no whole release'),
    });
  });
});
