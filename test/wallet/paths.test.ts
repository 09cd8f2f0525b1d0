import { relative } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameProblem } from '../../src/key-names/index.ts';
import { keyPaths } from '../../src/wallet/index.ts';

describe('names of wallets and hotkeys', () => {
  it.each([
    '',
    ' ',
    '.',
    '..',
    '.hidden',
    '../up',
    'a/b',
    'a\\b',
    'a\0',
    'a\nb',
    'pub.txt',
    'xpub.txt',
    'xPUB.TXT',
    'x'.repeat(201),
  ])('%j is refused', (name) => {
    expect(nameProblem(name)).toBeDefined();
    expect(() => keyPaths({ root: '/w', wallet: name })).toThrow(
      expect.objectContaining({ code: 'ERR_WALLET_NAME' }),
    );
    expect(() => keyPaths({ root: '/w', wallet: 'a', hotkey: name })).toThrow(
      expect.objectContaining({ code: 'ERR_WALLET_NAME' }),
    );
  });

  it.each(['default', 'my-wallet_2', 'Ünïcode', 'with space', 'a.b', 'coldkey'])('%j is taken', (name) => {
    expect(nameProblem(name)).toBeUndefined();
  });

  it('no name leads out of the folder', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 30 }),
        fc.string({ maxLength: 30 }),
        (wallet, hotkey) => {
          fc.pre(nameProblem(wallet) === undefined && nameProblem(hotkey) === undefined);
          const { privateFile, publicFile } = keyPaths({ root: '/w', wallet, hotkey });
          for (const path of [privateFile, publicFile])
            expect(relative('/w', path).split('/')).toHaveLength(3);
        },
      ),
    );
  });
});
