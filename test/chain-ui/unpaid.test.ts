import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { unpaidNote } from '../../src/chain-ui/index.ts';
import { loadSettings } from '../../src/config/index.ts';
import { startDevchain } from '../support/devchain/index.ts';

async function noteOf(network: string): Promise<string | undefined> {
  const { settings } = await loadSettings({ at: { env: {}, home: tmpdir(), cwd: tmpdir() } });
  return await unpaidNote({ ...settings, network, netuid: 72, chain: { ...settings.chain, cache: null } });
}

test('who is about to work for hours is told that nobody is paid', async () => {
  const halted = await startDevchain({ scenario: 'halted', slotMs: 'manual' });
  expect(await noteOf(halted.endpoint)).toBe('Warning: Subnet 72 pays no miner now. `sv72 paying` says why.');
  await halted.close();
  expect(await noteOf(halted.endpoint)).toBeUndefined();
});

test('and nothing is said where somebody is', async () => {
  const paying = await startDevchain({ slotMs: 'manual' });
  expect(await noteOf(paying.endpoint)).toBeUndefined();
  await paying.close();
});
