import { describe, expect, it } from 'vitest';
import { accessTo, createHubClient, HubToken, parseRepo, planUpload } from '../../src/hub/index.ts';
import type { HubUser } from '../support/hub/index.ts';
import { hub, REPO, sharedRelease } from './place.ts';

const release = sharedRelease();
const ALICE = 'hf_thetokenofthistest';
const WRITE = ['repo.content.read', 'repo.write'];

/** Somebody named alice with one token. */
function alice(token: HubUser['tokens'][string], orgs: HubUser['orgs'] = []): HubUser {
  return { name: 'alice', orgs, tokens: { [ALICE]: token } };
}

const scoped = (type: 'user' | 'org' | 'model', name: string, permissions = WRITE) =>
  ({ role: 'fineGrained', scoped: [{ entity: { type, name }, permissions }] }) as const;

describe('rights are known before anything is sent', () => {
  it.each<[string, HubUser, string, string | undefined]>([
    ['a token for writing', alice({ role: 'write' }), 'alice/roadwork', undefined],
    ['a token for reading', alice({ role: 'read' }), 'alice/roadwork', 'it is a token for reading'],
    ['somebody else’s name', alice({ role: 'write' }), 'bob/roadwork', 'who is no member of bob'],
    [
      'an organisation one writes in',
      alice({ role: 'write' }, [{ name: 'miners', roleInOrg: 'write' }]),
      'miners/roadwork',
      undefined,
    ],
    [
      'an organisation one reads in',
      alice({ role: 'write' }, [{ name: 'miners', roleInOrg: 'read' }]),
      'miners/roadwork',
      'may only read in the organisation miners',
    ],
    [
      'an organisation one may not look into',
      alice({ role: 'write' }, [{ name: 'miners', roleInOrg: 'no_access' }]),
      'miners/roadwork',
      'has no access in the organisation miners',
    ],
    [
      'an organisation one contributes to',
      alice({ role: 'contributor' }, [{ name: 'miners', roleInOrg: 'contributor' }]),
      'miners/roadwork',
      undefined,
    ],
    ['a fine-grained token for the user', alice(scoped('user', 'alice')), 'alice/roadwork', undefined],
    [
      'a fine-grained token for an organisation',
      alice(scoped('org', 'miners'), [{ name: 'miners', roleInOrg: 'admin' }]),
      'miners/roadwork',
      undefined,
    ],
    [
      'a fine-grained token for reading',
      alice(scoped('user', 'alice', ['repo.content.read'])),
      'alice/roadwork',
      'lacks "write" for repositories of alice',
    ],
    [
      'a fine-grained token for another owner',
      alice(scoped('user', 'alice'), [{ name: 'miners', roleInOrg: 'admin' }]),
      'miners/roadwork',
      'lacks "write"',
    ],
    [
      'a fine-grained token for a repository that is not there yet',
      alice(scoped('model', 'alice/roadwork')),
      'alice/roadwork',
      'which does not exist yet',
    ],
  ])('%s', async (_, user, id, refused) => {
    const double = await hub({ users: [user] });
    const client = createHubClient({
      url: double.url,
      token: new HubToken(ALICE, 'HF_TOKEN'),
    });
    const plan = planUpload(client, { repo: parseRepo(id), release: release() });
    if (refused === undefined) {
      await expect(plan).resolves.toMatchObject({ state: 'new', user: 'alice' });
    } else {
      await expect(plan).rejects.toMatchObject({
        code: 'ERR_HUB_RIGHTS',
        message: expect.stringContaining(refused),
      });
    }
    expect(double.seen.every(({ method }) => method === 'GET')).toBe(true);
  });

  it('a fine-grained token for one repository may write to it', () => {
    const entity = { type: 'model', name: 'alice/Roadwork' };
    const auth = {
      accessToken: {
        role: 'fineGrained',
        fineGrained: { global: [], scoped: [{ entity, permissions: WRITE }] },
      },
    };
    expect(accessTo(REPO, { name: 'Alice', orgs: [], auth })).toEqual({ write: true, create: false });
  });

  it('who only reads in an organisation is told that another token does not help', async () => {
    const double = await hub({ users: [alice({ role: 'write' }, [{ name: 'miners', roleInOrg: 'read' }])] });
    const client = createHubClient({ url: double.url, token: new HubToken(ALICE, 'HF_TOKEN') });
    await expect(
      planUpload(client, { repo: parseRepo('miners/x'), release: release() }),
    ).rejects.toMatchObject({ next: expect.stringContaining('Ask an administrator of miners') });
  });

  it.each(['http://hub.example', 'http://192.168.1.9:8080'])('%s gets no token', (url) => {
    const token = new HubToken(ALICE, 'HF_TOKEN');
    expect(() => createHubClient({ url, token })).toThrow(expect.objectContaining({ code: 'ERR_USAGE' }));
    expect(() => createHubClient({ url })).not.toThrow();
    expect(() => createHubClient({ url: url.replace('http:', 'https:'), token })).not.toThrow();
  });

  it('a token that nobody knows', async () => {
    const double = await hub();
    const client = createHubClient({ url: double.url, token: new HubToken('hf_nobodysnobodys', 'HF_TOKEN') });
    await expect(planUpload(client, { repo: REPO, release: release() })).rejects.toMatchObject({
      code: 'ERR_HUB_TOKEN',
      message: expect.stringContaining('the token from HF_TOKEN'),
    });
  });

  it('without a token nothing is published, and only what is public is looked at', async () => {
    const double = await hub();
    await expect(
      planUpload(createHubClient({ url: double.url }), { repo: REPO, release: release() }),
    ).rejects.toMatchObject({ code: 'ERR_HUB_TOKEN' });
    const plan = await planUpload(createHubClient({ url: double.url }), {
      repo: REPO,
      release: release(),
      lookOnly: true,
    });
    expect(plan).toMatchObject({ state: 'new', user: null });
  });
});
