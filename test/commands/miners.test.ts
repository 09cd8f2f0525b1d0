import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { recordUpload } from '../../src/store/index.ts';
import { keypairFromUri, saveKeys } from '../../src/wallet/index.ts';
import { DAY, published } from '../refresh/place.ts';
import { Sandbox } from '../support/cli.ts';
import { TOKEN } from '../support/hub/index.ts';
import { expectSchema } from '../support/schema.ts';

const box = new Sandbox();
afterAll(() => box.remove());

/** One sv72.yaml with three hotkeys, of which the wallet has two. */
beforeAll(async () => {
  const folder = join(box.home, '.config', 'sv72');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'sv72.yaml'),
    JSON.stringify({
      wallet: { name: 'w' },
      axon: { port: 39_880 },
      miners: [
        { hotkey: 'hk1' },
        { hotkey: 'hk2', profile: 'accuracy', port: 39_890 },
        { hotkey: 'hk3', profile: 'video' },
      ],
    }),
  );
  const root = join(box.home, '.bittensor', 'wallets');
  await saveKeys(
    ['hk1', 'hk2'].map((hotkey) => ({
      location: { root, wallet: 'w', hotkey },
      keypair: keypairFromUri(`//${hotkey}`),
    })),
  );
});

interface Check {
  readonly id: string;
  readonly status: string;
  readonly sentence: string;
  readonly miners: readonly string[];
}

it('the doctor looks at all miners, and at those that are named', async () => {
  const all = await box.json(['doctor', '--offline', '--only', 'wallet,ports,bundle']);
  expectSchema('doctor', all.json);
  const { checks } = all.json as { checks: readonly Check[] };
  const of = (id: string) => checks.filter((check) => check.id === id);
  expect(of('wallet')).toMatchObject([{ status: 'failed', miners: ['hk3'] }]);
  expect(of('ports').map(({ miners, sentence }) => [...miners, /\d{5}/.exec(sentence)?.[0]])).toEqual([
    ['hk1', '39880'],
    ['hk2', '39890'],
    ['hk3', '39882'],
  ]);
  expect(of('bundle')).toMatchObject([{ miners: ['hk1', 'hk2', 'hk3'] }]);
  const one = await box.run(['doctor', '--offline', '--only', 'ports', '-H', 'hk2']);
  expect(one.stdout.trim().split('\n')).toEqual([expect.stringContaining('39890')]);
});

it('a service runs all of them, and says so; --no-all and --profile mean one', async () => {
  const unit = (folder: string) => readFileSync(join(box.home, folder, 'sv72-serve.service'), 'utf8');
  const all = await box.json(['service', 'install', '--output', 'all']);
  expectSchema('service install', all.json);
  expect(all.json).toMatchObject({
    runs: 'serve --all',
    miners: [{ hotkey: 'hk1' }, { hotkey: 'hk2', profile: 'accuracy' }, { hotkey: 'hk3', profile: 'video' }],
    warnings: [expect.stringMatching(/lists? 3 miners, so the service runs `serve --all`/)],
  });
  expect(unit('all')).toMatch(/run\.js serve --all --config /);
  const one = await box.json(['service', 'install', '--output', 'one', '--profile', 'accuracy']);
  expect(one.json).toMatchObject({ runs: 'serve --profile accuracy', warnings: [expect.any(String)] });
  expect(unit('one')).toMatch(/run\.js serve --profile accuracy --config /);
  const none = await box.json(['service', 'install', '--output', 'none', '--no-all']);
  expect(none.json).toMatchObject({ runs: 'serve', warnings: [] });
  const both = await box.json(['service', 'install', '--output', 'both', '--all', '--profile', 'speed']);
  expect(both).toMatchObject({ exit: 2, json: { error: { code: 'ERR_USAGE' } } });
});

it('each miner has the age and the reminders of its own model', async () => {
  const store = join(box.home, '.local', 'share', 'sv72', 'sv72.db');
  const now = Math.floor(Date.now() / 1000);
  for (const [name, days] of [
    ['hk1', 3],
    ['hk2', 56],
  ] as const) {
    const { ss58 } = keypairFromUri(`//${name}`);
    recordUpload(
      store,
      published({ hotkey: ss58, repo: `alice/${name}`, submittedAt: Math.floor(now - days * DAY) }),
    );
  }
  const offline = ['refresh', '--offline'];
  const due = await box.run(offline);
  expect(due.exit).toBe(10);
  expect(due.stdout).toContain('train the next model: roadwork 1.2.0 of hk2 is 56 days old');
  expect(due.stdout).not.toContain('hk1');
  const { json } = await box.json(offline);
  expectSchema('refresh', json);
  expect(json).toMatchObject({
    models: [
      { name: 'hk2', phase: 'train' },
      { name: 'hk1', phase: 'fresh' },
    ],
    unpublished: [],
  });
  expect(await box.run([...offline, '--done', '--hotkey', 'hk1'])).toMatchObject({ exit: 10 });
  expect(await box.run([...offline, '--done', '--hotkey', 'hk3'])).toMatchObject({ exit: 2 });
  expect(await box.run([...offline, '--done', '--hotkey', 'hk2'])).toMatchObject({ exit: 0, stdout: '' });
  expect(await box.run(offline)).toMatchObject({ exit: 0, stdout: '' });
});

it('the plan of memory is for all of their profiles', async () => {
  expect((await box.json(['plan'])).json).toMatchObject({ profiles: ['speed', 'accuracy', 'video'] });
  expect((await box.json(['plan', '--profile', 'video'])).json).toMatchObject({ profiles: ['video'] });
});

it('the automatic cycle is for one of them', async () => {
  const run = ['refresh', 'run', '--data', '.', '--until', 'promote', '--dry-run'];
  const unsaid = await box.json(run);
  expect(unsaid).toMatchObject({ exit: 2, json: { error: { code: 'ERR_USAGE' } } });
  const { stdout } = await box.run([...run, '--hotkey', 'hk2']);
  const { ss58 } = keypairFromUri('//hk2');
  expect(stdout).toMatch(new RegExp(`^sv72 deploy canary .* --miner ${ss58}$`, 'm'));
  expect(stdout).toMatch(new RegExp(`^sv72 deploy promote .*--miner ${ss58}`, 'm'));
});

it('the automatic cycle compares with the bundle of the stage that has one, and says where none has', async () => {
  const chat = { name: 'chat', engine: 'openai', server: { url: 'http://127.0.0.1:9' } };
  const config = join(box.home, 'stages.yaml');
  cpSync(join(import.meta.dirname, '..', '..', 'models', 'demo'), join(box.home, 'own'), { recursive: true });
  const planned = (stages: readonly object[], ...more: readonly string[]) => {
    writeFileSync(config, JSON.stringify({ profiles: { speed: { bundle: '/no/such', stages } } }));
    return box.json(['refresh', 'run', '--config', config, '--data', '.', '--dry-run', ...more]);
  };
  const own = { name: 'own', bundle: join(box.home, 'own') };
  const live = { live: own.bundle };
  expect(await planned([own, chat])).toMatchObject({ exit: 0, json: live });
  expect(await planned([chat, own], '--until', 'upload')).toMatchObject({ exit: 0, json: live });
  const refused = { exit: 1, json: { error: { code: 'ERR_DEPLOY_SERVER' } } };
  expect(await planned([chat, own])).toMatchObject(refused);
  expect(await planned([chat], '--until', 'evaluate')).toMatchObject(refused);
  expect(await planned([])).toMatchObject({ exit: 1, json: { error: { code: 'ERR_BUNDLE_MISSING' } } });
});

it('what needs one hotkey names the several, and takes the only one', async () => {
  const several = await Promise.all([
    box.json(['commit', 'alice/roadwork', '--network', 'ws://127.0.0.1:1']),
    box.json(['upload', '--repo', 'alice/roadwork', '--dry-run'], {
      env: { HF_ENDPOINT: 'http://127.0.0.1:9' },
    }),
    box.json(['wallet', 'sign', '--use-hotkey', '--message', 'a']),
  ]);
  for (const refused of several) {
    expect(refused).toMatchObject({ exit: 2, json: { error: { code: 'ERR_USAGE' } } });
    expect(refused.json).toHaveProperty('error.message', expect.stringContaining('hk1, hk2, hk3'));
    expect(refused.json).toHaveProperty('error.next', expect.stringContaining('--hotkey'));
  }
  const config = join(box.home, 'one.yaml');
  writeFileSync(
    config,
    JSON.stringify({ wallet: { name: 'w' }, miners: [{ hotkey: 'hk2', bundle: '/no/such' }] }),
  );
  const sign = ['wallet', 'sign', '--use-hotkey', '--message', 'a'];
  const signed = await box.json([...sign, '--config', config]);
  expect(signed.json).toMatchObject({ signer_address: keypairFromUri('//hk2').ss58 });
  const named = await box.json([...sign, '-H', 'hk1']);
  expect(named.json).toMatchObject({ signer_address: keypairFromUri('//hk1').ss58 });
  const env = { HF_ENDPOINT: 'http://127.0.0.1:9', HF_TOKEN: TOKEN };
  const publish = ['upload', '--repo', 'alice/roadwork', '--dry-run', '--config', config];
  const own = await box.json(publish, { env });
  expect(own.json).toMatchObject({ error: { code: 'ERR_BUNDLE_MISSING' } });
  expect(JSON.stringify(own.json)).toContain('/no/such');
});

it('none of several is announced or taken back unasked', async () => {
  for (const command of ['set', 'reset']) {
    const flags = command === 'set' ? ['--external-ip', '8.8.8.8'] : [];
    const refused = await box.json(['axon', command, ...flags, '--network', 'ws://127.0.0.1:1']);
    expect(refused).toMatchObject({ exit: 2, json: { error: { code: 'ERR_USAGE' } } });
    expect(JSON.stringify(refused.json)).toContain('hk1, hk2, hk3');
  }
});
