import { randomBytes } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  createHubClient,
  HubToken,
  hubSource,
  parseRepo,
  planRollback,
  planUpload,
  rollback,
  upload,
  verifyRelease,
} from '../../src/hub/index.ts';
import { bundleOf, FILES, releaseOf, SIGNER } from './place.ts';

const { SV72_TEST_HUB_TOKEN: token, SV72_TEST_HUB_REPO: scratch } = process.env;

const given = token !== undefined && scratch !== undefined;
const WHY = 'skipped: set SV72_TEST_HUB_TOKEN and SV72_TEST_HUB_REPO (owner/prefix) to try it';
if (!given) console.warn(`The story against the real Hub is ${WHY}.`);

/** Against the real Hub, in a private repository that is made and removed. */
describe.skipIf(!given)(`the real Hub${given ? '' : ` (${WHY})`}`, () => {
  it('publishes, finds it published, publishes the next, and puts the first back', async () => {
    const repo = parseRepo(`${scratch}-${randomBytes(4).toString('hex')}`);
    const client = createHubClient({ token: new HubToken(token ?? '', 'SV72_TEST_HUB_TOKEN') });
    const options = { outsider: createHubClient(), now: Date.now };
    const at = Math.floor(Date.now() / 1000);
    onTestFinished(async () => {
      const body = JSON.stringify({ name: repo.name, organization: repo.owner, type: 'model' });
      const headers = { 'Content-Type': 'application/json' };
      await client.request('/api/repos/delete', { method: 'DELETE', headers, body, accept: [404] });
    });
    const publish = async (version: string, files = FILES) => {
      const release = await releaseOf(await bundleOf({ version }, files), { repo: repo.id, at });
      const plan = await planUpload(client, { repo, release, visibility: 'private' });
      return await upload(client, plan, options);
    };
    const first = await publish('1.0.0');
    expect(first).toMatchObject({ committed: true, verdict: { ok: true } });
    expect(await publish('1.0.0')).toMatchObject({
      committed: false,
      record: { revision: first.record.revision },
    });
    expect(await publish('1.1.0', FILES.slice(0, 1))).toMatchObject({ committed: true });
    const plan = await planRollback(client, repo, first.record.revision, options);
    const back = await rollback(client, plan, options);
    const source = hubSource(client, repo, back.record.revision);
    expect(await verifyRelease({ source, repo: repo.id, hotkey: SIGNER.ss58, now: at + 60 })).toMatchObject({
      ok: true,
    });
  }, 300_000);
});
