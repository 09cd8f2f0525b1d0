import { describe, expect, it } from 'vitest';
import { planUpload, upload } from '../../src/hub/index.ts';
import { type Fault, type HubDouble, type Step, startHubDouble } from '../support/hub/index.ts';
import { AT, bundleOf, client, hub, pathsOf, publish, REPO, releaseOf, sharedRelease } from './place.ts';

const release = sharedRelease();

/** Publishes with a client that notes what it waits for, instead of waiting. */
async function publishNoting(double: HubDouble) {
  const waits: number[] = [];
  const said: string[] = [];
  const own = client(double, {
    sleep: async (ms) => void waits.push(ms),
    onWait: (sentence) => said.push(sentence),
  });
  const plan = await planUpload(own, { repo: REPO, release: release() });
  const done = await upload(own, plan, {
    outsider: client(double, { token: undefined }),
    now: () => AT * 1000,
  });
  return { done, waits, said };
}

const count = (double: HubDouble, step: Step) => double.seen.filter((seen) => seen.step === step).length;

describe('what asks to wait is waited for', () => {
  it.each<[string, Step, Fault, number]>([
    ['429 with seconds', 'preupload', { status: 429, headers: { 'retry-after': '37' } }, 37_000],
    ['503 with seconds', 'batch', { status: 503, headers: { 'retry-after': '4' } }, 4_000],
    ['429 at the commit', 'commit', { status: 429, headers: { 'retry-after': '9' } }, 9_000],
    [
      '429 with the Hub’s own field',
      'info',
      {
        status: 429,
        headers: { ratelimit: '"api";r=0;t=55', 'ratelimit-policy': '"fixed window";"api";q=500;w=300' },
      },
      55_000,
    ],
    ['503 of the storage', 'put', { status: 503, headers: { 'retry-after': '2' } }, 2_000],
  ])('%s', async (_, step, fault, ms) => {
    const double = await hub();
    double.faults.plan(step, fault);
    const { done, waits, said } = await publishNoting(double);
    expect(done.verdict.ok).toBe(true);
    expect(waits).toEqual([ms]);
    expect(said).toEqual([`The Hub asks to wait ${ms / 1000} s.`]);
  });

  it('but not for hours', async () => {
    const double = await hub();
    double.faults.plan('preupload', { status: 429, headers: { 'retry-after': '7200' } });
    await expect(publishNoting(double)).rejects.toMatchObject({
      code: 'ERR_HUB_UNREACHABLE',
      message: expect.stringContaining('120 minutes'),
    });
  });

  it('and not for ever, when it asks again and again', async () => {
    const double = await hub();
    double.faults.plan('batch', { status: 429, headers: { 'retry-after': '60' } }, { times: 1000 });
    await expect(publishNoting(double)).rejects.toMatchObject({ code: 'ERR_HUB_UNREACHABLE' });
    expect(count(double, 'batch')).toBeLessThan(20);
  });
});

describe('what fails once is tried again', () => {
  it.each<[string, Step, Fault]>([
    ['500', 'preupload', { status: 500 }],
    ['502', 'tree', { status: 502 }],
    ['a broken connection', 'batch', { reset: 'before' }],
    ['a lost answer', 'batch', { reset: 'after' }],
    ['a connection that breaks in the middle of a file', 'put', { reset: 10_000 }],
    ['500 of the storage', 'put', { status: 500 }],
    ['a lost answer of the storage', 'complete', { reset: 'after' }],
    ['an address that ran out', 'put', { expired: true }],
    ['an address that ran out at the end', 'complete', { expired: true }],
    ['addresses that never worked', 'batch', { expired: true }],
    ['a commit whose connection broke', 'commit', { reset: 'before' }],
    ['500 at the commit', 'commit', { status: 500 }],
    ['reading back that breaks off', 'download', { reset: 20_000 }],
    ['500 when it is read back', 'resolve', { status: 500 }],
    ['reading back with an address that ran out', 'resolve', { expired: true }],
    ['a confirmation that is lost', 'verify', { reset: 'after' }],
  ])('%s', async (_, step, fault) => {
    const double = await hub({ chunkBytes: 20_000 });
    double.faults.plan(step, fault);
    const { verdict } = await publish(double, { release: release() });
    expect(verdict.ok).toBe(true);
    expect(double.repos.get(REPO.id)?.commits).toHaveLength(2);
  });

  it('a broken download goes on where it broke off', async () => {
    const double = await hub();
    double.faults.plan('download', { reset: 20_000 }, { times: 2 });
    await publish(double, { release: release() });
    expect(count(double, 'download')).toBe(4);
  });

  it('a storage that knows no ranges is read from the beginning, and nothing twice', async () => {
    const double = await hub();
    double.faults.plan('download', { reset: 20_000 });
    double.faults.plan('download', { whole: true }, { skip: 1 });
    expect((await publish(double, { release: release() })).verdict.ok).toBe(true);
  });

  it('a commit whose answer is lost is found, and not made twice', async () => {
    const double = await hub();
    double.faults.plan('commit', { reset: 'after' });
    const { record } = await publish(double, { release: release() });
    expect(double.repos.get(REPO.id)?.commits).toHaveLength(2);
    expect(record.revision).toBe(double.repos.get(REPO.id)?.head.id);
    expect(count(double, 'commit')).toBe(1);
  });

  it('one part of many is sent again, not all', async () => {
    const double = await hub({ chunkBytes: 10_000 });
    double.faults.plan('put', { reset: 5_000 }, { skip: 2 });
    await publish(double, { release: release() });
    // Five parts of the model, four of the checkpoint, and one again.
    expect(count(double, 'put')).toBe(10);
  });
});

describe('what stays wrong ends with its own code', () => {
  it.each<[string, Step, Fault, string, string]>([
    [
      'a token that is not accepted',
      'whoami',
      { status: 401, json: { error: 'Invalid credentials' } },
      'ERR_HUB_TOKEN',
      'does not accept the token from the test',
    ],
    [
      'no rights after all',
      'commit',
      { status: 403, json: { error: 'Forbidden: pass' } },
      'ERR_HUB_RIGHTS',
      'Forbidden: pass',
    ],
    [
      'a commit that is refused',
      'commit',
      { status: 400, json: { error: 'Invalid metadata' } },
      'ERR_HUB_REFUSED',
      'Invalid metadata',
    ],
    [
      'a full account',
      'batch',
      { status: 413, json: { message: 'Storage limit reached' } },
      'ERR_HUB_REFUSED',
      'Storage limit reached',
    ],
    ['500 without end', 'preupload', { status: 500 }, 'ERR_HUB_UNREACHABLE', 'status 500'],
    ['storage that does not work', 'put', { expired: true }, 'ERR_HUB_UNREACHABLE', 'do not work'],
    [
      'a repository made by somebody else meanwhile',
      'create',
      { status: 409 },
      'ERR_HUB_CHANGED',
      'meanwhile',
    ],
  ])('%s', async (_, step, fault, code, said) => {
    const double = await hub();
    double.faults.plan(step, fault, { times: Number.POSITIVE_INFINITY });
    await expect(publish(double, { release: release() })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(said),
    });
    expect(double.repos.get(REPO.id)).toBeUndefined();
  });

  it('links to the storage that never work, when it is read back', async () => {
    const double = await hub();
    double.faults.plan('resolve', { expired: true }, { times: Number.POSITIVE_INFINITY });
    await expect(publish(double, { release: release() })).rejects.toMatchObject({
      code: 'ERR_HUB_UNREACHABLE',
      message: expect.stringContaining('storage answered with status 403'),
    });
  });

  it('a Hub that takes large files in a way of its own', async () => {
    const double = await hub();
    double.faults.plan('batch', { status: 200, json: { transfer: 'xet', objects: [] } });
    await expect(publish(double, { release: release() })).rejects.toMatchObject({
      code: 'ERR_HUB_REFUSED',
      message: 'The Hub takes large files by "xet" alone, which sv72 does not speak.',
      next: expect.stringContaining('newer sv72'),
    });
    expect(double.repos.get(REPO.id)).toBeUndefined();
  });

  it('a repository that is gated, which nobody outside can read', async () => {
    const double = await hub();
    const gated = { 'x-error-code': 'GatedRepo' };
    double.faults.plan('resolve', { status: 401, headers: gated }, { times: Number.POSITIVE_INFINITY });
    await expect(publish(double, { release: release() })).rejects.toMatchObject({
      code: 'ERR_HUB_NOT_FOUND',
      message: expect.stringContaining('alice/roadwork/sv72.json is gated'),
    });
  });

  it('Ctrl-C while it is read back', async () => {
    const double = await hub();
    const controller = new AbortController();
    double.faults.plan('download', { first: () => controller.abort() });
    await expect(publish(double, { release: release(), signal: controller.signal })).rejects.toMatchObject({
      code: 'ERR_INTERRUPTED',
    });
    expect((await publish(double, { release: release() })).committed).toBe(false);
  });

  it('somebody else’s commit meanwhile is not written over', async () => {
    const double = await hub();
    await publish(double, { release: release() });
    const repo = double.repos.get(REPO.id);
    double.faults.plan('commit', { first: () => void repo?.add('by somebody else', '', repo.head.tree) });
    const next = await releaseOf(await bundleOf({ version: '1.3.0' }));
    await expect(publish(double, { release: next })).rejects.toMatchObject({ code: 'ERR_HUB_CHANGED' });
    expect(repo?.head.title).toBe('by somebody else');
  });

  it('storage that changes a byte is found when it is read back', async () => {
    const double = await hub();
    double.faults.plan('put', { corrupt: true });
    await expect(publish(double, { release: release() })).rejects.toMatchObject({
      code: 'ERR_HUB_READ_BACK',
      message: expect.stringContaining('another SHA-256'),
    });
  });

  it('a Hub that nobody listens at', async () => {
    const double = await hub();
    const closed = await startHubDouble();
    await closed.close();
    const gone = client(double, { url: closed.url });
    await expect(planUpload(gone, { repo: REPO, release: release() })).rejects.toMatchObject({
      code: 'ERR_HUB_UNREACHABLE',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('a Hub that does not answer in time', async () => {
    const double = await hub();
    const held = Promise.withResolvers<void>();
    double.faults.plan('whoami', { first: () => held.promise }, { times: 3 });
    const impatient = client(double, { timeoutMs: 20 });
    await expect(planUpload(impatient, { repo: REPO, release: release() })).rejects.toMatchObject({
      code: 'ERR_HUB_UNREACHABLE',
      message: expect.stringContaining('no answer in time'),
    });
    held.resolve();
    expect(pathsOf(double)).toEqual([]);
  });
});
