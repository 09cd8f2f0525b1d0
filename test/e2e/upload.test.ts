import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { type NewBundleFile, writeBundle } from '../../src/bundle/index.ts';
import { type Keypair, keypairFromSeed, saveKeys } from '../../src/wallet/index.ts';
import { FIELDS, FILES } from '../hub/place.ts';
import { type CliOptions, finished, Sandbox } from '../support/cli.ts';
import { type HubDouble, startHubDouble, TOKEN } from '../support/hub/index.ts';
import { expectSchema } from '../support/schema.ts';
import { Terminal } from '../support/terminal.ts';

let hub: HubDouble;
let box: Sandbox;
const hotkey: Keypair = keypairFromSeed(Buffer.alloc(32, 5));
const WHO = ['--repo', 'alice/roadwork', '-w', 'w', '-H', 'hk'];

beforeEach(async () => {
  hub = await startHubDouble({ chunkBytes: 20_000 });
  box = new Sandbox();
  onTestFinished(async () => {
    await hub.close();
    box.remove();
    expect(hub.violations).toEqual([]);
  });
  const root = join(box.home, '.bittensor', 'wallets');
  await saveKeys([{ location: { root, wallet: 'w', hotkey: 'hk' }, keypair: hotkey }]);
  await bundle('1.2.0');
});

async function bundle(version: string, files: readonly NewBundleFile[] = FILES): Promise<void> {
  await writeBundle({ dir: join(box.home, 'model'), manifest: { ...FIELDS, version }, files, replace: true });
}

async function sv72(id: string, args: readonly string[], options: CliOptions = {}) {
  const env = { HF_ENDPOINT: hub.url, ...(id === 'upload' && { HF_TOKEN: TOKEN }), ...options.env };
  const { exit, json, stdout, stderr } = await box.json([...id.split(' '), ...args], { ...options, env });
  const object = json as Record<string, unknown>;
  expectSchema('error' in object ? 'failure' : id, object);
  expect(stdout + stderr).not.toContain(TOKEN);
  return { exit, json: object };
}

test('from a bundle to a repository that anybody can check, and back to an earlier release', async () => {
  const dry = await sv72('upload', ['model', ...WHO, '--dry-run']);
  expect(dry).toMatchObject({
    exit: 0,
    json: { dry_run: true, state: 'new', committed: false, user: 'alice' },
  });
  expect(hub.repos.size).toBe(0);

  const keyfile = join(box.home, '.bittensor', 'wallets', 'w', 'hotkeys', 'hk');
  const plain = await readFile(keyfile);
  await writeFile(keyfile, '$NACL and a password that nobody is asked for');
  const locked = await sv72('upload', ['model', ...WHO, '--dry-run']);
  expect(locked).toMatchObject({ exit: 0, json: { hotkey: hotkey.ss58 } });
  expect(locked.json.changes).toContainEqual({
    path: 'sv72.signature.json',
    bytes: expect.any(Number),
    sha256: null,
    change: 'add',
  });
  await writeFile(keyfile, plain);

  const unasked = await sv72('upload', ['model', ...WHO]);
  expect(unasked).toMatchObject({ exit: 2, json: { error: { code: 'ERR_NEEDS_ANSWER' } } });
  expect(hub.repos.size).toBe(0);

  const first = await sv72('upload', ['model', ...WHO, '--yes']);
  expect(first).toMatchObject({
    exit: 0,
    json: {
      state: 'new',
      committed: true,
      version: '1.2.0',
      hotkey: hotkey.ss58,
      visibility: 'public',
      pipeline: true,
      read_back: { as: 'anybody', files: 7 },
    },
  });
  const { revision, record } = first.json;
  expect(await readFile(String(record), 'utf8')).toContain(String(revision));

  const checked = await sv72('verify', ['alice/roadwork', '--signed-by', hotkey.ss58]);
  expect(checked).toMatchObject({
    exit: 0,
    json: { ok: true, revision, hotkey: hotkey.ss58, version: '1.2.0' },
  });

  await bundle('1.3.0', FILES.slice(0, 1));
  expect(await sv72('upload', ['model', ...WHO, '--yes'])).toMatchObject({
    exit: 0,
    json: { pipeline: false },
  });
  const back = await sv72('upload', ['--rollback', String(revision), '--repo', 'alice/roadwork', '--yes']);
  expect(back).toMatchObject({
    exit: 0,
    json: { state: 'rollback', rollback_of: revision, version: '1.2.0' },
  });

  const list = await sv72('models list', []);
  const models = (list.json as { models: Record<string, unknown>[] }).models;
  expect(models.map(({ version, current, rollback_of }) => ({ version, current, rollback_of }))).toEqual([
    { version: '1.2.0', current: true, rollback_of: revision },
    { version: '1.3.0', current: false, rollback_of: null },
    { version: '1.2.0', current: false, rollback_of: null },
  ]);
  expect(models[1]).toMatchObject({ phase: 'fresh', reward_factor: 1, from: 'record' });
  const remote = await sv72('models list', ['--remote', '--repo', 'alice/roadwork']);
  expect((remote.json as { models: object[] }).models).toHaveLength(3);
});

test('a release that somebody tampered with is not accepted', async () => {
  await sv72('upload', ['model', ...WHO, '--yes']);
  const repo = hub.repos.get('alice/roadwork');
  const content = Buffer.from('{"mcc": 0.99}\n');
  repo?.add(
    'better figures',
    '',
    new Map([...repo.head.tree, ['metrics.json', { kind: 'content', content }]]),
  );
  const { exit, json } = await sv72('verify', ['alice/roadwork']);
  expect(exit).toBe(1);
  expect(json).toMatchObject({
    ok: false,
    files: expect.arrayContaining([
      expect.objectContaining({ path: 'metrics.json', problem: 'has another SHA-256 than the listed one' }),
    ]),
  });
});

test('the token from a descriptor goes before the environment, and a bad one is named by its place', async () => {
  const bad = await sv72('upload', ['model', ...WHO, '--token-fd', '3', '--dry-run'], {
    descriptors: ['hf_wrongwrongwrong\n'],
  });
  expect(bad).toMatchObject({ exit: 1, json: { error: { code: 'ERR_HUB_TOKEN' } } });
  expect(JSON.stringify(bad.json)).toContain('file descriptor 3');
  expect(JSON.stringify(bad.json)).not.toContain('wrongwrong');
  const none = await sv72('upload', ['model', ...WHO, '--yes'], { env: { HF_TOKEN: '' } });
  expect(none).toMatchObject({ exit: 1, json: { error: { code: 'ERR_HUB_TOKEN' } } });
  expect(hub.repos.size).toBe(0);
});

test('Ctrl-C in the middle of a file leaves no repository behind, and the next run goes on', async () => {
  const held = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  hub.faults.plan(
    'put',
    {
      first: async () => {
        reached.resolve();
        await held.promise;
      },
    },
    { skip: 2 },
  );
  const child = box.start(['upload', 'model', ...WHO, '--yes', '--json'], {
    env: { HF_ENDPOINT: hub.url, HF_TOKEN: TOKEN },
  });
  const end = finished(child);
  await reached.promise;
  child.kill('SIGINT');
  const { exit, stdout } = await end;
  held.resolve();
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'ERR_INTERRUPTED' } });
  expect(exit).toBe(130);
  expect(hub.repos.size).toBe(0);
  expect(existsSync(join(box.home, '.local', 'share', 'sv72', 'sv72.db'))).toBe(false);
  expect(await sv72('upload', ['model', ...WHO, '--yes'])).toMatchObject({ exit: 0 });
});

test('making a private repository public is asked', async () => {
  expect(await sv72('upload', ['model', ...WHO, '--private', '--yes'])).toMatchObject({
    json: { visibility: 'private', read_back: { as: 'owner' } },
  });
  const terminal = new Terminal(box, ['upload', 'model', ...WHO, '--public'], {
    HF_ENDPOINT: hub.url,
    HF_TOKEN: TOKEN,
  });
  await terminal.see('is private. Publish');
  terminal.type('n\r');
  expect(await terminal.exit()).toBe(1);
  expect(hub.repos.get('alice/roadwork')?.visibility).toBe('private');
  expect(await sv72('upload', ['model', ...WHO, '--public', '--yes'])).toMatchObject({
    json: { committed: false, state: 'published', visibility: 'public', read_back: { as: 'anybody' } },
  });
  expect(hub.repos.get('alice/roadwork')?.visibility).toBe('public');
});
