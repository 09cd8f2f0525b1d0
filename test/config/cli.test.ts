import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Sandbox } from '../support/cli.ts';
import { expectSchema } from '../support/schema.ts';

let box: Sandbox;

beforeEach(() => {
  box = new Sandbox();
});
afterEach(() => box.remove());

interface Shown {
  settings: { key: string; value: unknown; origin: { from: string; name: string } }[];
}

async function shown(args: string[], env: Record<string, string> = {}) {
  const result = await box.json(['config', 'show', ...args], { env });
  expectSchema('config show', result.json);
  return new Map((result.json as Shown).settings.map((setting) => [setting.key, setting]));
}

describe('config', () => {
  it('takes flag before environment before file before btcli before default (E 105)', async () => {
    mkdirSync(join(box.home, '.bittensor'));
    writeFileSync(
      join(box.home, '.bittensor', 'config.yml'),
      'wallet_name: from9\nwallet_path: /p9\nnetwork: test\nuse_cache: true\n',
    );
    writeFileSync(join(box.home, '.bittensor', 'btcli.json'), '{"wallet": "from11", "json": true}');
    let settings = await shown([]);
    expect(settings.get('wallet.name')).toMatchObject({ value: 'from11', origin: { from: 'btcli' } });
    expect(settings.get('wallet.path')).toMatchObject({ value: '/p9', origin: { from: 'btcli' } });
    expect(settings.get('netuid')).toMatchObject({ value: 323, origin: { from: 'default' } });

    await box.run(['config', 'set', 'wallet_name', 'fromfile']);
    settings = await shown([]);
    expect(settings.get('wallet.name')).toMatchObject({ value: 'fromfile', origin: { from: 'file' } });

    settings = await shown([], { BT_WALLET_NAME: 'old', BT_WALLET: 'frombt' });
    expect(settings.get('wallet.name')).toMatchObject({ value: 'frombt', origin: { name: 'BT_WALLET' } });
    settings = await shown([], { BT_WALLET: 'frombt', SV72_WALLET_NAME: 'own' });
    expect(settings.get('wallet.name')).toMatchObject({ value: 'own', origin: { name: 'SV72_WALLET_NAME' } });
    settings = await shown(['--wallet.name', 'flag'], { SV72_WALLET_NAME: 'own' });
    expect(settings.get('wallet.name')).toMatchObject({ value: 'flag', origin: { from: 'flag' } });
  });

  it.each([
    ['--wallet-name', 'wallet.name'],
    ['--wallet.name', 'wallet.name'],
    ['--wallet', 'wallet.name'],
    ['--name', 'wallet.name'],
    ['-w', 'wallet.name'],
    ['--wallet-path', 'wallet.path'],
    ['--wallet.path', 'wallet.path'],
    ['-p', 'wallet.path'],
  ])('knows %s', async (flag, key) => {
    expect((await shown([flag, 'xyz'])).get(key)).toMatchObject({ value: 'xyz', origin: { from: 'flag' } });
  });

  it.each(['--hotkey', '--wallet-hotkey', '--wallet.hotkey', '-H'])('knows %s', async (flag) => {
    expect((await shown([flag, 'xyz'])).get('wallet.hotkeys')?.value).toEqual(['xyz']);
  });

  it.each(['--network', '--subtensor.network', '-n'])('knows %s', async (flag) => {
    expect((await shown([flag, 'test'])).get('network')?.value).toBe('test');
  });

  it('reads miner.env of the official miner in the current folder last', async () => {
    writeFileSync(
      join(box.home, 'miner.env'),
      'NETUID=323\nSUBTENSOR_NETWORK=test\nSUBTENSOR_CHAIN_ENDPOINT=wss://test.finney.opentensor.ai:443\nWALLET_NAME="cold" # mine\nWALLET_HOTKEY=hot\nMINER_AXON_PORT=8092\nIMAGE_DETECTOR_DEVICE=cuda:0\n',
    );
    const settings = await shown([]);
    expect(settings.get('network')).toMatchObject({ value: 'test', origin: { from: 'miner.env' } });
    expect(settings.get('wallet.hotkeys')?.value).toEqual(['hot']);
    expect(settings.get('axon.port')?.value).toBe(8092);
    expect(settings.get('profiles.speed.device')?.value).toBe('cuda');
  });

  it('leaves out a broken file of btcli with a warning', async () => {
    mkdirSync(join(box.home, '.bittensor'));
    writeFileSync(join(box.home, '.bittensor', 'btcli.json'), '{broken');
    const result = await box.run(['config', 'get', 'wallet.name']);
    expect(result).toMatchObject({ exit: 0, stdout: 'default\n' });
    expect(result.stderr).toContain('btcli.json');
  });

  it('sets and unsets values and keeps comments', async () => {
    const path = join(box.home, 'my.yaml');
    writeFileSync(path, '# mine\naxon:\n  port: 9000 # why\n');
    const set = await box.json(['config', 'set', 'axon.keep_alive_s', '30', '--config', path]);
    expectSchema('config set', set.json);
    expect(readFileSync(path, 'utf8')).toBe('# mine\naxon:\n  port: 9000 # why\n  keep_alive_s: 30\n');
    const get = await box.json(['config', 'get', 'axon.keep_alive_s', '--config', path]);
    expectSchema('config get', get.json);
    expect(get.json).toMatchObject({ value: 30 });
    const unset = await box.json(['config', 'unset', 'axon.keep_alive_s', '--config', path]);
    expectSchema('config unset', unset.json);
    expect(readFileSync(path, 'utf8')).toBe('# mine\naxon:\n  port: 9000 # why\n');
  });

  it.each([
    [['config', 'set', 'axon.port', 'abc'], 'ERR_CONFIG_VALUE'],
    [['config', 'set', 'axon.port', '70000'], 'ERR_CONFIG_VALUE'],
    [['config', 'set', 'wallet.name', 'a/b'], 'ERR_CONFIG_VALUE'],
    [['config', 'set', 'axon', '1'], 'ERR_CONFIG_KEY'],
    [['config', 'get', 'nope'], 'ERR_CONFIG_KEY'],
    [['config', 'show', '--network', 'nope'], 'ERR_CONFIG_VALUE'],
    [['config', 'show', '--config', '/nowhere/x.yaml'], 'ERR_CONFIG_MISSING'],
  ])('refuses %j with %s', async (args, code) => {
    const result = await box.json(args);
    expect(result.exit).toBe(2);
    expectSchema('failure', result.json);
    expect(result.json).toMatchObject({ error: { code } });
  });

  it.each([
    ['axon:\n  prot: 1\n', 'line 2'],
    ['axon: [\n', 'line 2'],
    ['axon:\n  port: many\n', 'line 2'],
    ['- a\n', 'x.yaml'],
  ])('names the line of a wrong sv72.yaml', async (text, place) => {
    const path = join(box.home, 'x.yaml');
    writeFileSync(path, text);
    const result = await box.run(['config', 'show', '--config', path]);
    expect(result.exit).toBe(2);
    expect(result.stderr).toContain('ERR_CONFIG_FILE');
    expect(result.stderr).toContain(place);
    expect((await box.run(['config', 'set', 'axon.port', '1', '--config', path])).exit).toBe(2);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });
});

describe('init', () => {
  it('writes a commented file that config show accepts, and never replaces one unasked', async () => {
    const made = await box.json([
      'init',
      '--yes',
      '--wallet-name',
      'm',
      '--hotkey',
      'a',
      '--hotkey',
      'b',
      '--port',
      '9001',
    ]);
    expectSchema('init', made.json);
    const path = join(box.home, '.config', 'sv72', 'sv72.yaml');
    const text = readFileSync(path, 'utf8');
    expect(text).toContain('# Port of the first hotkey');
    const schema = /\$schema=(.*)/.exec(text)?.[1] ?? '';
    expect(JSON.parse(readFileSync(schema, 'utf8'))).toMatchObject({ title: 'sv72.yaml' });
    const settings = await shown([]);
    expect(settings.get('wallet.hotkeys')).toMatchObject({
      value: ['a', 'b'],
      origin: { from: 'file', name: path },
    });
    expect(settings.get('axon.port')?.value).toBe(9001);

    const again = await box.json(['init', '--yes']);
    expect(again).toMatchObject({ exit: 1, json: { error: { code: 'ERR_CONFIG_EXISTS' } } });
    expect(readFileSync(path, 'utf8')).toBe(text);
    expect((await box.run(['init', '--yes', '--overwrite', '--port', '9002'])).exit).toBe(0);
    expect((await shown([])).get('wallet.name')?.value).toBe('m');
  });

  it('turns a miner.env into sv72.yaml and names what it leaves out', async () => {
    const from = join(box.home, 'their.env');
    writeFileSync(from, 'WALLET_NAME=cold\nNETUID=72\nSUBTENSOR_NETWORK=finney\nPROXY_CLIENT_URL=x\n');
    const made = await box.json(['init', '--yes', '--from-miner-env', from, '--port', '8200']);
    expect(made.json).toMatchObject({
      settings: { 'wallet.name': 'cold', 'axon.port': 8200 },
      unused: ['PROXY_CLIENT_URL'],
    });
  });

  it('asks nothing without a terminal', async () => {
    const result = await box.json(['init']);
    expect(result).toMatchObject({ exit: 2, json: { error: { code: 'ERR_NEEDS_ANSWER' } } });
  });
});
