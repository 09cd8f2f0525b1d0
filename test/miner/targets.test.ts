import { expect, test } from 'vitest';
import { listedMiners } from '../../src/config/index.ts';
import { settingsSchema } from '../../src/config/schema/index.ts';
import { resolveTargets } from '../../src/miner/challenge/targets.ts';
import { keypairFromUri, saveKeys } from '../../src/wallet/index.ts';
import { temporaryFolder } from '../store/sample.ts';

const settingsOf = (file: object) => settingsSchema.parse(file);

test('the miners of the settings are asked on their own ports', async () => {
  const root = temporaryFolder();
  await saveKeys(
    ['hk1', 'hk2'].map((hotkey) => ({
      location: { root, wallet: 'w', hotkey },
      keypair: keypairFromUri(`//${hotkey}`),
    })),
  );
  const ask = (file: object) =>
    resolveTargets({
      named: [],
      axonHotkeys: [],
      local: false,
      configured: { host: '::', miners: listedMiners(settingsOf(file)) },
      wallet: { root, name: 'w' },
      findLocal: async () => [],
    });
  expect(await ask({ miners: [{ hotkey: 'hk1' }, { hotkey: 'hk2', port: 8_101 }] })).toEqual([
    { host: '127.0.0.1', port: 8_091, hotkey: keypairFromUri('//hk1').ss58 },
    { host: '127.0.0.1', port: 8_101, hotkey: keypairFromUri('//hk2').ss58 },
  ]);
  await expect(ask({ axon: { port: 0 }, miners: [{ hotkey: 'hk1' }] })).rejects.toMatchObject({
    code: 'ERR_NO_TARGET',
  });
});
