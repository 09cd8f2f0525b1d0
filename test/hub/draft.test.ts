import { expect, test } from 'vitest';
import { planLines, planUpload, SIGNATURE_NAME } from '../../src/hub/index.ts';
import { bundleOf, client, draftOf, hub, publish, REPO, releaseOf } from './place.ts';

const known = (files: readonly { path: string; bytes: number; sha256: string | null }[]) =>
  files.map(({ path, bytes, sha256 }) => ({ path, bytes, sha256 }));

test('a draft is the release but for the signature, whose size is right', async () => {
  const bundle = await bundleOf();
  const [draft, release] = [await draftOf(bundle), await releaseOf(bundle)];
  expect(known(draft.files)).toEqual(
    known(release.files).map((file) => (file.path === SIGNATURE_NAME ? { ...file, sha256: null } : file)),
  );
  const { files: _, ...same } = release;
  expect(draft).toMatchObject(same);
});

test.each([
  ['new', false],
  ['changed', true],
])('the plan of a draft for a repository that is %s', async (state, published) => {
  const double = await hub();
  if (published) await publish(double);
  const bundle = await bundleOf(published ? { version: '1.3.0' } : {});
  const [draft, release] = [await draftOf(bundle), await releaseOf(bundle)];
  const of = { repo: REPO, lookOnly: true };
  const looked = await planUpload(client(double), { ...of, release: draft });
  const real = await planUpload(client(double), { ...of, release });
  const change = published ? 'replace' : 'add';
  expect(looked.state).toBe(state);
  expect(looked.changes).toEqual(
    real.changes.map((one) => (one.path === SIGNATURE_NAME ? { ...one, sha256: null, change } : one)),
  );
  expect(planLines(looked).join('\n')).toMatch(/Nothing was signed for this look/);
  expect(planLines(real).join('\n')).not.toMatch(/Nothing was signed/);
});

test('what is published already is found without signing anything', async () => {
  const double = await hub();
  await publish(double);
  const looked = await planUpload(client(double), {
    repo: REPO,
    release: await draftOf(await bundleOf()),
    lookOnly: true,
  });
  expect(looked.state).toBe('published');
  expect(planLines(looked).join('\n')).not.toMatch(/Nothing was signed/);
});
