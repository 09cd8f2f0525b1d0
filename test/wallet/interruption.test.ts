import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  checkWallets,
  keyPaths,
  keypairFromSeed,
  loadKey,
  loadPublicKey,
  repair,
  saveKeys,
} from '../../src/wallet/index.ts';
import { readPublicFile } from '../../src/wallet/load.ts';
import { seedOf, temporaryRoot } from './support/places.ts';

const SCRIPT = fileURLToPath(new URL('./support/write-and-die.ts', import.meta.url));
const old = keypairFromSeed(seedOf(0x11));
const fresh = keypairFromSeed(seedOf(0x22));

function dieAt(root: string, step: number): boolean {
  const child = spawnSync(process.execPath, [SCRIPT, root, String(0x22), String(step)], { encoding: 'utf8' });
  if (child.signal !== 'SIGKILL') expect(child.status, child.stderr).toBe(0);
  return child.signal === 'SIGKILL';
}

function locations(root: string) {
  return [
    { root, wallet: 'main' },
    { root, wallet: 'main', hotkey: 'miner1' },
  ];
}

/** What may be true of a key after a crash: its private file is whole, its public file is absent or its own. */
async function expectSound(root: string, allowed: readonly string[]): Promise<void> {
  for (const location of locations(root)) {
    const { privateFile, publicFile } = keyPaths(location);
    const beside = existsSync(publicFile) ? readPublicFile(publicFile) : undefined;
    if (!existsSync(privateFile)) {
      expect(allowed).not.toContain(old.ss58);
      expect(beside).toBeUndefined();
      continue;
    }
    const { keypair, stalePublicFile } = await loadKey(location);
    expect(allowed).toContain(keypair.ss58);
    expect(stalePublicFile).toBe(false);
  }
}

async function expectRepaired(root: string): Promise<void> {
  const { findings } = await checkWallets(root);
  await repair(findings);
  const after = await checkWallets(root);
  expect(
    after.findings.filter(({ name }) => name !== 'unencrypted-coldkey' && name !== 'hotkey-is-coldkey'),
  ).toEqual([]);
  const left = existsSync(root) ? readdirSync(root, { recursive: true, encoding: 'utf8' }) : [];
  expect(left.filter((name) => name.includes('sv72'))).toEqual([]);
}

describe('a process that dies while it writes keys', () => {
  it('leaves keys that were there whole, at every step, and `check` cleans up', {
    timeout: 120_000,
  }, async () => {
    const states = new Set<string>();
    for (let step = 0; ; step++) {
      const root = temporaryRoot();
      for (const location of locations(root)) await saveKeys([{ location, keypair: old }]);
      const died = dieAt(root, step);
      await expectSound(root, [old.ss58, fresh.ss58]);
      const before = locations(root).map((location) => loadPublicKey(location).ss58);
      await expectRepaired(root);
      // Repairing changes no private key, and brings every public file back.
      for (const [index, location] of locations(root).entries()) {
        const { keypair } = await loadKey(location);
        expect(keypair.ss58).toBe(before[index]);
        expect(readPublicFile(keyPaths(location).publicFile)?.ss58).toBe(keypair.ss58);
      }
      states.add(before.join());
      if (!died) break;
    }
    // From both old, over one replaced, to both new.
    expect(states.size).toBe(3);
  });

  it('leaves no public file without its private one when keys are new', { timeout: 120_000 }, async () => {
    for (let step = 0; ; step++) {
      const root = join(temporaryRoot(), 'wallets');
      const died = dieAt(root, step);
      await expectSound(root, [fresh.ss58]);
      await expectRepaired(root);
      if (!died) break;
    }
  });
});
