import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findLocalMiners } from '../../src/miner/local-miners.ts';
import { lockHotkey } from '../../src/miner/lock.ts';
import { lockPlace } from '../../src/miner/lock-place.ts';
import { keypairFromSeed } from '../../src/wallet/index.ts';

const platforms = process.platform === 'linux' ? (['linux', 'darwin'] as const) : (['darwin'] as const);

function freshHotkey(): string {
  return keypairFromSeed(crypto.getRandomValues(new Uint8Array(32))).ss58;
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'sv72-lock-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

async function contender(...args: string[]): Promise<{ said: string; child: ChildProcess }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'holds-lock.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [data] = await once(child.stdout, 'data');
  return { said: String(data).trim(), child };
}

test.each(platforms)(
  'one process at a time holds a hotkey, and a killed one does not (%s)',
  async (platform) => {
    const hotkey = freshHotkey();
    const where = folder();
    const first = await contender(hotkey, platform, where);
    expect(first.said).toBe('locked');
    const second = await contender(hotkey, platform, where);
    expect(second.said).toBe(
      `The hotkey ${hotkey} is being served on this machine already (process ${first.child.pid}).`,
    );

    const place = lockPlace({ platform, folder: where });
    expect((await findLocalMiners(place)).filter((miner) => miner.hotkey === hotkey)).toMatchObject([
      { pid: first.child.pid, port: 8_091 },
    ]);

    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    expect((await contender(hotkey, platform, where)).said).toBe('locked');
  },
);

test.each(platforms)('of many that start at once, one gets it (%s)', async (platform) => {
  const hotkey = freshHotkey();
  const place = lockPlace({ platform, folder: folder() });
  if (place.isFile) writeFileSync(place.pathOf(hotkey), 'left behind');
  const attempts = await Promise.allSettled(Array.from({ length: 8 }, () => lockHotkey(hotkey, place)));
  const won = attempts.filter((attempt) => attempt.status === 'fulfilled');
  expect(won).toHaveLength(1);
  await won[0]?.value.release();
  await (await lockHotkey(hotkey, place)).release();
});

test('a lock that is released can be taken by the same process', async () => {
  const hotkey = freshHotkey();
  for (let i = 0; i < 3; i++) await (await lockHotkey(hotkey)).release();
});
