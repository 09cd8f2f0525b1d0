import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readAtMost, readPasswordFile, writeSecret } from '../../src/wallet/index.ts';
import { OLD_LEOPARD, temporaryRoot } from './support/places.ts';

/** A device that gives bytes for ever, or takes none, is there on Linux alone. */
const onLinux = it.skipIf(process.platform !== 'linux');

describe('a mnemonic to a descriptor', () => {
  it('is written whole, with a newline', () => {
    const path = join(temporaryRoot(), 'words');
    const fd = openSync(path, 'w', 0o600);
    writeSecret(fd, OLD_LEOPARD);
    closeSync(fd);
    expect(readFileSync(path, 'utf8')).toBe(`${OLD_LEOPARD}\n`);
  });

  onLinux('that is full is refused in our words', () => {
    const fd = openSync('/dev/full', 'w');
    try {
      expect(() => writeSecret(fd, OLD_LEOPARD)).toThrow(
        expect.objectContaining({
          code: 'ERR_NOWHERE_TO_SHOW',
          message: expect.not.stringContaining('leopard'),
        }),
      );
    } finally {
      closeSync(fd);
    }
  });
});

describe('a secret from a file', () => {
  onLinux('a device that never ends is no password, and is not read for ever', async () => {
    await expect(readPasswordFile('/dev/zero')).rejects.toMatchObject({ code: 'ERR_PASSWORD_SOURCE' });
  });

  it('is read up to a byte more than it may have', async () => {
    const path = join(temporaryRoot(), 'file');
    writeFileSync(path, 'x'.repeat(100));
    expect((await readAtMost(path, 100)).length).toBe(100);
    expect((await readAtMost(path, 10)).length).toBe(11);
  });

  it('a pipe is read until its writer is done', async () => {
    const path = join(temporaryRoot(), 'pipe');
    execFileSync('mkfifo', [path]);
    const password = readPasswordFile(path);
    writeFileSync(path, 'correct horse\n');
    expect(await password).toBe('correct horse');
  });
});
