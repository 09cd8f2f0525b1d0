import { inspect } from 'node:util';
import { cryptoWaitReady, sr25519Verify } from '@polkadot/util-crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Keypair,
  keypairFromMnemonic,
  keypairFromPrivateKey,
  keypairFromSeed,
  keypairFromUri,
  verifySignature,
} from '../../src/wallet/index.ts';
import { secretsOf } from '../../src/wallet/keypair.ts';

const OLD = 'old leopard transfer rib spatial phone calm indicate online fire caution review';
const ABANDON = `${'abandon '.repeat(11)}about`;
const LEGAL = `${'legal winner thank year wave sausage worth useful '.repeat(2)}legal winner thank year wave sausage worth title`;

const hex = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('hex');
const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'hex'));
const filled = (byte: number) => new Uint8Array(32).fill(byte);

describe('derivation (E 69–76)', () => {
  it.each([
    [
      OLD,
      'da3cf5b1e9144931a0f0db65664aab662673b099415a7f8121b7245fb0be4143',
      '5HDvhV6WDCjCKyrXqGQSDYqQAzkzabNhctmiDYEqgBC66BsX',
    ],
    [
      ABANDON,
      '4ed8d4b17698ddeaa1f1559f152f87b5d472f725ca86d341bd0276f1b61197e2',
      '5EPCUjPxiHAcNooYipQFWr9NmmXJKpNG5RhcntXwbtUySrgH',
    ],
    [
      `${'abandon '.repeat(23)}art`,
      '4ed8d4b17698ddeaa1f1559f152f87b5d472f725ca86d341bd0276f1b61197e2',
      '5EPCUjPxiHAcNooYipQFWr9NmmXJKpNG5RhcntXwbtUySrgH',
    ],
    [
      LEGAL,
      'f02cdc109954e34cd3f0c60fdb0c97ffb3a934ad1cc9a4df87b8417024b8bdbe',
      '5Dvz1qwrSmKZkD82LgS7mrsgJSQMExLp3eZHHwfm7MqKs3nd',
    ],
  ])('mnemonic %#', (mnemonic, seed, ss58) => {
    const keypair = keypairFromMnemonic(mnemonic);
    expect(keypair.ss58).toBe(ss58);
    expect(hex(secretsOf(keypair).seed)).toBe(seed);
  });

  it.each([
    [0x11, '5DtDLm5rQHShDqojQpsvcN8tRXHVFaecfDoRet1SU6BFD9Fi'],
    [0x22, '5Fpfx4iDtrrY99VGkQnLXASytC2y9Z3o8KUyTtD4w7o5SZcA'],
    [0xff, '5Dh7jEmH8ZjVrYCQFqxHEi4oSuFR21V4xfAKfyuoQrGw95Yj'],
  ])('seed of 32 bytes 0x%s', (byte, ss58) => {
    expect(keypairFromSeed(filled(byte)).ss58).toBe(ss58);
  });

  it.each([
    ['//Alice', '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY'],
    [`${OLD}//Alice`, '5FEiH8iuDUw271xbqWTWuB6WrDjv5dnCeDX1CyHubAniXDNN'],
    [`${OLD}/Alice`, '5GNXbA46ma5dg19GXdiKi5JH3mnkZ8Yea3bBtZAvj7t99P9i'],
    ['//Bob/test', '5CJGwWiKXSE16WJaxBdPZhWqUYkotgenLUALv7ZvqQ4TXeqf'],
    ['/Bob//test', '5Cwc8tShrshDJUp1P1M21dKUTcYQpV9GcfSa4hUBNmMdV3Cx'],
    ['//PathNameLongerThan32BytesWhichShouldBeHashed', '5GR5pfZeNs1uQiSWVxZaQiZou3wdZiX894eqgvfNfHbEh7W2'],
    [`0x${'11'.repeat(32)}`, '5DtDLm5rQHShDqojQpsvcN8tRXHVFaecfDoRet1SU6BFD9Fi'],
  ])('URI %#', (uri, ss58) => {
    expect(keypairFromUri(uri).ss58).toBe(ss58);
  });

  it('the private key is stored in canonical form, and leads back to the key', () => {
    const canonical =
      '1f1995bdf3a17b60626a26cfe6f564b337d46056b7a1281b64c649d592ccda0a9cffd34d9fb01cae1fba61aeed184c817442a2186d5172416729a4b54dd4b84e';
    const keypair = keypairFromMnemonic(OLD);
    expect(hex(secretsOf(keypair).privateKey)).toBe(canonical);
    expect(hex(keypair.publicKey)).toBe('e4359ad3e2716c539a1d663ebd0a51bdc5c98a12e663bb4c4402db47828c9446');
    expect(keypairFromPrivateKey(bytes(canonical)).ss58).toBe(keypair.ss58);
  });

  it('ed25519', () => {
    expect(keypairFromMnemonic(ABANDON, 'ed25519').ss58).toBe(
      '5FM25N8HGtacre9TnWQGRK32d1kUp1Gs6Dd7YiYpSPZLjmj6',
    );
    expect(keypairFromMnemonic(OLD, 'ed25519').ss58).toBe('5HhFH9GvwCST4kRVoFREE7qDJcjYteR5unhQCrBGhhGuRgNb');
    expect(keypairFromSeed(filled(0x11), 'ed25519').ss58).toBe(
      '5Gmp1LHh81mEqwCDPP7ug46TTMXYo3ZuwVHTeNhP1Gp2jLKV',
    );
    expect(keypairFromUri('//Alice', 'ed25519').ss58).toBe(
      '5FA9nQDVg267DEd8m1ZypXLBnvN7SFxYwV7ndqSYGiN9TTpu',
    );
  });
});

describe('refused key material', () => {
  it.each([
    ['a short seed', () => keypairFromSeed(new Uint8Array(31)), 'ERR_KEY_MATERIAL'],
    ['the form of polkadot-js', () => keypairFromPrivateKey(bytes(POLKADOT_FORM)), 'ERR_KEY_MATERIAL'],
    ['a zero scalar', () => keypairFromPrivateKey(new Uint8Array(64)), 'ERR_KEY_MATERIAL'],
    ['eleven words', () => keypairFromMnemonic('abandon '.repeat(11)), 'ERR_MNEMONIC'],
    ['a wrong checksum', () => keypairFromMnemonic('abandon '.repeat(12)), 'ERR_MNEMONIC'],
    ['an unknown word', () => keypairFromMnemonic(`${'abandon '.repeat(11)}roadwork`), 'ERR_MNEMONIC'],
    ['a soft ed25519 junction', () => keypairFromUri('/Alice', 'ed25519'), 'ERR_KEY_MATERIAL'],
  ])('%s', (_, make: () => Keypair, code) => {
    expect(make).toThrow(expect.objectContaining({ code }));
  });

  const POLKADOT_FORM =
    'f8c8a8ec9d0fdd031353337936af279bbda106b3ba0d45d920334eaa9664d6569cffd34d9fb01cae1fba61aeed184c817442a2186d5172416729a4b54dd4b84e';
});

describe('signatures', () => {
  it('are accepted by another implementation, and only for their message', async () => {
    await cryptoWaitReady();
    const keypair = keypairFromSeed(filled(0x11));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (message) => {
        const signature = keypair.sign(message);
        expect(signature.length).toBe(64);
        expect(sr25519Verify(message, signature, keypair.publicKey)).toBe(true);
        expect(keypair.verify(message, signature)).toBe(true);
        expect(keypair.verify(Buffer.concat([message, Buffer.of(0)]), signature)).toBe(false);
      }),
      { numRuns: 10 },
    );
  });

  it('ed25519 signatures are deterministic', () => {
    const keypair = keypairFromSeed(filled(0x11), 'ed25519');
    const message = Buffer.from('hello');
    expect(hex(keypair.sign(message))).toBe(hex(keypair.sign(message)));
    expect(keypair.verify(message, keypair.sign(message))).toBe(true);
    expect(keypair.verify(Buffer.from('hellO'), keypair.sign(message))).toBe(false);
  });

  it('junk is false, not an exception', () => {
    const publicKey = keypairFromSeed(filled(0x11)).publicKey;
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 70 }),
        fc.constantFrom('sr25519' as const, 'ed25519' as const),
        (signature, cryptoType) => {
          const message = new Uint8Array(3);
          expect(verifySignature({ publicKey, message, signature, cryptoType })).toBe(false);
          expect(
            verifySignature({ publicKey: signature, message, signature: new Uint8Array(64), cryptoType }),
          ).toBe(false);
        },
      ),
    );
  });
});

it('a keypair never shows its secrets', () => {
  const keypair = keypairFromMnemonic(OLD);
  const shown = `${inspect(keypair, { depth: 9, showHidden: true })}${JSON.stringify({ keypair })}${String(keypair)}${JSON.stringify({ ...keypair })}`;
  expect(shown).toContain(keypair.ss58);
  for (const secret of ['leopard', 'da3cf5b1', '1f1995bd', '218,60,245']) expect(shown).not.toContain(secret);
});
