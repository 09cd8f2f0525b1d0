import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromMinerEnv, parseEnvFile } from '../../src/config/foreign.ts';
import { resolveNetwork } from '../../src/config/index.ts';
import { settingsSchema } from '../../src/config/schema/index.ts';
import { configTemplate } from '../../src/config/template.ts';
import { parseText, settingsTree } from '../../src/config/tree.ts';
import { parseConfigFile } from '../../src/config/yaml-file.ts';
import { Sv72Error } from '../../src/errors/index.ts';
import { nameProblem } from '../../src/key-names/index.ts';

describe('sv72.yaml', () => {
  it('is refused or understood, whatever it holds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.json()), async (text) => {
        try {
          await parseConfigFile(text, 'x.yaml');
        } catch (error) {
          expect(error).toBeInstanceOf(Sv72Error);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('does not follow a bomb of aliases', async () => {
    const bomb = `a: &a [1,1,1,1,1,1,1,1,1]\n${'bcdefgh'
      .split('')
      .map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(',')}]`)
      .join('\n')}\n`;
    await expect(parseConfigFile(bomb, 'x.yaml')).rejects.toThrow(Sv72Error);
  });

  it('as a template with every value set says the same again', async () => {
    const chosen = new Map([...settingsTree().leaves.values()].map((leaf) => [leaf.key, leaf.fallback]));
    expect(await parseConfigFile(await configTemplate(chosen, 's'), 'x.yaml')).toEqual(chosen);
    expect(await parseConfigFile(await configTemplate(new Map(), 's'), 'x.yaml')).toEqual(new Map());
  });

  it('as a template holds any chosen text', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ minLength: 1, maxLength: 50 }),
        fc.string({ minLength: 1, maxLength: 50 }),
        async (name, path) => {
          fc.pre(nameProblem(name) === undefined && nameProblem(path) === undefined);
          const chosen = new Map<string, unknown>([
            ['wallet.name', name],
            ['wallet.hotkeys', [name, path]],
            ['wallet.path', path],
          ]);
          expect(await parseConfigFile(await configTemplate(chosen, 's'), 'x.yaml')).toEqual(chosen);
        },
      ),
    );
  });
});

describe('text of flags and variables', () => {
  const leaf = (key: string) => {
    const found = settingsTree().leaves.get(key);
    if (!found) throw new Error(key);
    return found;
  };

  it.each([
    ['axon.port', '8091', 8091],
    ['axon.external_port', 'none', null],
    ['netuid', 'null', null],
    ['wallet.hotkeys', 'a, b', ['a', 'b']],
    ['wallet.hotkeys', 'a', ['a']],
    ['wallet.name', '72', '72'],
    ['wallet.name', 'true', 'true'],
    ['callers.allow_any', 'yes', true],
    ['callers.allow_any', '0', false],
    ['profiles.speed.threads', 'auto', 'auto'],
    ['profiles.speed.threads', '2', 2],
    ['profiles.speed.prior', '0.25', 0.25],
    ['chain.fallback_endpoints', 'auto', 'auto'],
    ['chain.fallback_endpoints', 'none', 'none'],
    ['chain.fallback_endpoints', 'wss://a:443, ws://b', ['wss://a:443', 'ws://b']],
    ['chain.timeout_s', '2.5', 2.5],
  ])('%s from %j', (key, text, value) => {
    expect(parseText(leaf(key), text)).toEqual({ value });
  });

  it.each([
    ['axon.port', ''],
    ['axon.port', '1e3x'],
    ['axon.port', '-1'],
    ['profile', 'fast'],
    ['network', 'http://x'],
    ['profiles.speed.prior', '1.5'],
    ['btauth.route', 'predict'],
    ['chain.fallback_endpoints', 'https://a'],
    ['chain.fallback_endpoints', 'finney'],
    ['chain.timeout_s', '0'],
  ])('%s refuses %j with a reason', (key, text) => {
    expect(parseText(leaf(key), text)).toHaveProperty('reason');
  });
});

describe('names of wallets and hotkeys', () => {
  const leaf = (key: string) => settingsTree().leaves.get(key) ?? expect.unreachable(key);

  it.each([
    ['wallet.name', 'a/b', /slash/],
    ['wallet.name', '.hidden', /dot/],
    ['wallet.hotkeys', 'hk1,../up', /slash/],
    ['wallet.hotkeys', 'hkpub.txt', /pub\.txt/],
  ])('%s is not set to %j', (key, text, reason) => {
    expect(parseText(leaf(key), text)).toEqual({ reason: expect.stringMatching(reason) });
  });

  it('are refused in the file, where they are', async () => {
    const file = 'wallet:\n  name: ok\nminers:\n  - hotkey: hk1\n  - hotkey: a/b\n';
    await expect(parseConfigFile(file, 'x.yaml')).rejects.toMatchObject({
      code: 'ERR_CONFIG_FILE',
      message: expect.stringMatching(/line 5: miners\.1\.hotkey .*slash/),
    });
  });
});

describe('miner.env', () => {
  it('is read as a shell reads it', () => {
    expect(
      parseEnvFile('export A=1\n# B=2\n  C = \'x # y\' # z\nD="q"\nE=a#b\nF=a # b\nA=2\nbroken line\nG=\r\n'),
    ).toEqual({ A: '2', C: 'x # y', D: 'q', E: 'a#b', F: 'a', G: '' });
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void fromMinerEnv(text)));
  });

  it('prefers an endpoint, by the name it is known under', () => {
    const values = (text: string) => fromMinerEnv(text).values.get('network');
    expect(
      values('SUBTENSOR_NETWORK=test\nSUBTENSOR_CHAIN_ENDPOINT=wss://test.finney.opentensor.ai:443'),
    ).toBe('test');
    expect(values('SUBTENSOR_NETWORK=local\nSUBTENSOR_CHAIN_ENDPOINT=ws://10.0.0.2:9944')).toBe(
      'ws://10.0.0.2:9944',
    );
    expect(values('SUBTENSOR_NETWORK=finney\nSUBTENSOR_CHAIN_ENDPOINT=nonsense')).toBe('finney');
  });
});

describe('networks', () => {
  it.each([
    ['finney', 72, true],
    ['test', 323, true],
    ['local', 72, false],
    ['wss://entrypoint-finney.opentensor.ai:443', 72, true],
    ['ws://localhost:9944', 72, false],
    ['ws://[::1]:9944', 72, false],
    ['wss://my.node:443', 72, true],
  ])('%s', (name, netuid, live) => {
    expect(resolveNetwork(name)).toMatchObject({ netuid, live });
  });

  it.each(['', 'rao', 'https://x', 'finney '])('%j is none', (name) => {
    expect(resolveNetwork(name)).toBeUndefined();
  });
});

it('defaults are what the schema documents', () => {
  const { profiles } = settingsSchema.parse({});
  expect(new Set(Object.values(profiles).map((profile) => JSON.stringify(profile))).size).toBe(3);
});
