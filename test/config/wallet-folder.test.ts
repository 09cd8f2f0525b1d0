import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { loadSettings, walletPathWithoutFile } from '../../src/config/index.ts';

function surroundings(env: Record<string, string>, files: Record<string, string>) {
  const home = mkdtempSync(join(tmpdir(), 'sv72-config-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(home, name, '..'), { recursive: true });
    writeFileSync(join(home, name), text);
  }
  return { env, home, cwd: home };
}

const BTCLI_11 = { '.bittensor/btcli.json': '{"wallet_path": "/eleven"}' };
const BTCLI_9 = { '.bittensor/config.yml': 'wallet_path: /nine\n' };

it.each([
  ['nothing', undefined, {}, {}],
  ['the flag', '/flag', { SV72_WALLET_PATH: '/own', BT_WALLET_PATH: '/bt' }, BTCLI_11],
  ['our variable', undefined, { SV72_WALLET_PATH: '/own', BT_WALLET_PATH: '/bt' }, BTCLI_11],
  ['the variable of btcli', undefined, { BT_WALLET_PATH: '/bt' }, BTCLI_11],
  ['an empty variable', undefined, { SV72_WALLET_PATH: '' }, BTCLI_11],
  ['both files of btcli', undefined, {}, { ...BTCLI_9, ...BTCLI_11 }],
  ['the old file of btcli', undefined, {}, BTCLI_9],
  [
    'a null in a file of btcli',
    undefined,
    {},
    { ...BTCLI_9, '.bittensor/btcli.json': '{"wallet_path": null}' },
  ],
  ['a broken file of btcli', undefined, {}, { ...BTCLI_9, '.bittensor/btcli.json': '{' }],
])('%s: the quick way to the wallets ends where the settings do', async (_, flag, env, files) => {
  const at = surroundings(env, files);
  const flags = new Map(flag === undefined ? [] : [['wallet.path' as const, flag]]);
  const { settings } = await loadSettings({ flags, at });
  expect(await walletPathWithoutFile(flag, undefined, at)).toBe(settings.wallet.path);
});

it('leaves an sv72.yaml to the settings', async () => {
  const file = { '.config/sv72/sv72.yaml': 'wallet: { path: /yaml }\n' };
  expect(await walletPathWithoutFile('/flag', undefined, surroundings({}, file))).toBeUndefined();
  expect(await walletPathWithoutFile(undefined, '/x.yaml', surroundings({}, {}))).toBeUndefined();
  expect(
    await walletPathWithoutFile(undefined, undefined, surroundings({ SV72_CONFIG: '/x' }, {})),
  ).toBeUndefined();
});
