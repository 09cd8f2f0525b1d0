import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { openStoreReader } from '../../src/store/index.ts';
import { temporaryFolder } from './sample.ts';

test('a kill at any moment leaves the store usable', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'sv72.db');
  let before = 0;
  for (let round = 0; round < 6; round++) {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'writes-forever.ts'), folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    for (let signs = 0; signs <= round; signs++) await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');

    const db = new DatabaseSync(path);
    expect(db.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
    db.close();
    const reader = openStoreReader(path);
    const after = reader?.summary().requests ?? 0;
    reader?.close();
    expect(after).toBeGreaterThan(before);
    before = after;
  }
});
