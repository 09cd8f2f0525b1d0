import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Sv72Error } from '../../src/errors/index.ts';
import { keypairFromMnemonic, keypairFromSeed, keypairFromUri } from '../../src/wallet/index.ts';
import { keypairOf, parseKeyfile, privateKeyfile, publicKeyfile } from '../../src/wallet/keyfile.ts';
import { OLD_LEOPARD, seedOf, V } from './support/places.ts';

const V_PUBLIC = '0x50780547322a1ceba67ea8c552c9bc6c686f8698ac9a8cafab7cd15a1db19859';
const V_PRIVATE =
  '0x704b72419b89bab3a4632685428901bf5715b44e40ec0df50f01fdc1553bf60b092539815e61663c7f9c4c9c377346f5d2936875bd760f0ac5c5f4f6e78a6d76';
const V_SEED = `0x${'11'.repeat(32)}`;
const ED_SS58 = '5Gmp1LHh81mEqwCDPP7ug46TTMXYo3ZuwVHTeNhP1Gp2jLKV';

const file = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const load = (value: unknown) => keypairOf(parseKeyfile(file(value)));

describe('keyfiles that are read', () => {
  it.each([
    [
      'the oldest Python writer, with nulls and spaces (E 87)',
      `{"accountId": "${V_PUBLIC}", "publicKey": "${V_PUBLIC}", "privateKey": "${V_PRIVATE}", "secretPhrase": null, "secretSeed": "${V_SEED}", "ss58Address": "${V}"}`,
    ],
    [
      'the Rust writer, in any order (E 88)',
      { ss58Address: V, secretSeed: V_SEED, publicKey: V_PUBLIC, privateKey: V_PRIVATE, accountId: V_PUBLIC },
    ],
    ['a numeric cryptoType (E 89)', { cryptoType: 1, secretSeed: V_SEED, ss58Address: V }],
    ['a cryptoType as text', { cryptoType: '1', secretSeed: V_SEED, ss58Address: V }],
    ['a cryptoType by name', { cryptoType: 'sr25519', secretSeed: V_SEED, ss58Address: V }],
    ['a wrong cryptoType, healed by the address', { cryptoType: 0, secretSeed: V_SEED, ss58Address: V }],
    ['a private key alone', { privateKey: V_PRIVATE, ss58Address: V }],
    [
      'hexadecimal without 0x',
      { privateKey: V_PRIVATE.slice(2), secretSeed: V_SEED.slice(2), ss58Address: V },
    ],
    ['fields of other tools', { secretSeed: V_SEED, ss58Address: V, extra: [1, { two: 3 }], note: null }],
    ['a trailing newline', `${JSON.stringify({ secretSeed: V_SEED, ss58Address: V })}\n`],
    ['no address', { secretSeed: V_SEED }],
    [
      'a seed written as raw text (E 98)',
      { secretSeed: `0x${'\x11'.repeat(32)}`, privateKey: V_PRIVATE, ss58Address: V },
    ],
    ['a raw text seed alone', { secretSeed: `0x${'\x11'.repeat(32)}`, ss58Address: V }],
    [
      'an unreadable seed beside a good private key',
      { secretSeed: '0xzz', privateKey: V_PRIVATE, ss58Address: V },
    ],
  ])('%s', (_, value) => {
    expect(load(value).ss58).toBe(V);
  });

  it.each([
    [
      'as newer tools write it (E 90)',
      { cryptoType: 0, secretSeed: V_SEED, privateKey: V_SEED, ss58Address: ED_SS58 },
    ],
    ['without cryptoType, healed by the address', { privateKey: V_SEED, ss58Address: ED_SS58 }],
    ['without address', { cryptoType: 0, privateKey: V_SEED }],
  ])('ed25519: %s', (_, value) => {
    expect(load(value)).toMatchObject({ ss58: ED_SS58, cryptoType: 'ed25519' });
  });

  it('says which form it has', () => {
    const quirks = (value: unknown) => parseKeyfile(file(value)).quirks;
    expect(quirks({ cryptoType: 1, secretSeed: V_SEED, ss58Address: V })).toEqual(['numeric-crypto-type']);
    expect(quirks({ cryptoType: 0, secretSeed: V_SEED, ss58Address: ED_SS58 })).toEqual([]);
    expect(quirks({ secretSeed: `0x${'\x11'.repeat(32)}`, ss58Address: V })).toEqual(['text-seed']);
    expect(quirks({ secretSeed: V_SEED })).toEqual(['no-address']);
  });
});

describe('keyfiles that are refused', () => {
  it.each([
    [
      'an address of another key (E 99)',
      { secretSeed: `0x${'22'.repeat(32)}`, ss58Address: V },
      'ERR_KEY_MISMATCH',
    ],
    [
      'a phrase of another key than the seed',
      { secretPhrase: OLD_LEOPARD, secretSeed: V_SEED, ss58Address: V },
      'ERR_KEY_MISMATCH',
    ],
    [
      'a public key of another key',
      { secretSeed: V_SEED, publicKey: `0x${'ab'.repeat(32)}`, ss58Address: V },
      'ERR_KEY_MISMATCH',
    ],
    ['only a public key', { publicKey: V_PUBLIC, ss58Address: V }, 'ERR_KEYFILE'],
    ['nothing', {}, 'ERR_KEYFILE'],
    ['raw hexadecimal', V_SEED, 'ERR_KEYFILE'],
    ['a raw mnemonic', OLD_LEOPARD, 'ERR_KEYFILE'],
    ['an array', [V_SEED], 'ERR_KEYFILE'],
    ['null', null, 'ERR_KEYFILE'],
    ['a number as seed', { secretSeed: 7, ss58Address: V }, 'ERR_KEYFILE'],
    ['an unknown cryptoType', { cryptoType: 2, secretSeed: V_SEED, ss58Address: V }, 'ERR_KEYFILE'],
    ['a broken address', { secretSeed: V_SEED, ss58Address: `${V.slice(0, -1)}x` }, 'ERR_KEYFILE'],
    ['too much', `${' '.repeat(70_000)}{}`, 'ERR_KEYFILE'],
    ['a byte order mark inside the text', Buffer.from([0xff, 0xfe, 0x7b]).toString('latin1'), 'ERR_KEYFILE'],
  ])('%s', (_, value, code) => {
    expect(() => load(value)).toThrow(expect.objectContaining({ code }));
  });

  it('any bytes are a key or an error of ours that repeats no secret', () => {
    const secret = 'SECRET'.repeat(3);
    const field = fc.oneof(
      fc.constantFrom(V, V_SEED, V_PRIVATE, V_PUBLIC, OLD_LEOPARD, ED_SS58, secret, null, 0, 1),
      fc.jsonValue(),
    );
    const names = [
      'accountId',
      'publicKey',
      'privateKey',
      'secretPhrase',
      'secretSeed',
      'ss58Address',
      'cryptoType',
    ];
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names, 'other'), field), (value) => {
        try {
          const { ss58 } = load(value);
          if (typeof value.ss58Address === 'string' && value.ss58Address !== '')
            expect(ss58).toBe(value.ss58Address);
        } catch (error) {
          if (!(error instanceof Sv72Error)) throw error;
          expect(error.code).toMatch(/^ERR_KEY(FILE|_MISMATCH)$/);
          for (const word of [secret, 'leopard', '11111111']) expect(error.message).not.toContain(word);
        }
      }),
      { numRuns: 400 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          parseKeyfile(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(Sv72Error);
        }
      }),
    );
  });
});

describe('keyfiles that are written', () => {
  it('have strings only, in a fixed order, without newline (E 75, 91, 93)', () => {
    expect(Buffer.from(privateKeyfile(keypairFromSeed(seedOf(0x11)))).toString()).toBe(
      `{"accountId":"${V_PUBLIC}","publicKey":"${V_PUBLIC}","privateKey":"${V_PRIVATE}","secretSeed":"${V_SEED}","ss58Address":"${V}"}`,
    );
    const fields = JSON.parse(Buffer.from(privateKeyfile(keypairFromMnemonic(OLD_LEOPARD))).toString());
    expect(fields.secretPhrase).toBe(OLD_LEOPARD);
    expect(Object.values(fields).every((value) => typeof value === 'string')).toBe(true);
  });

  it('public files have exactly three fields (E 92)', () => {
    expect(Buffer.from(publicKeyfile(keypairFromSeed(seedOf(0x11)))).toString()).toBe(
      `{"accountId":"${V_PUBLIC}","publicKey":"${V_PUBLIC}","ss58Address":"${V}"}`,
    );
  });

  it('ed25519 files say so', () => {
    const ed = keypairFromSeed(seedOf(0x11), 'ed25519');
    expect(JSON.parse(Buffer.from(publicKeyfile(ed)).toString())).toMatchObject({
      cryptoType: 0,
      ss58Address: ED_SS58,
    });
    expect(JSON.parse(Buffer.from(privateKeyfile(ed)).toString())).toMatchObject({
      cryptoType: 0,
      privateKey: V_SEED,
    });
  });

  it('are read back', () => {
    for (const type of ['sr25519', 'ed25519'] as const) {
      for (const made of [
        keypairFromMnemonic(OLD_LEOPARD, type),
        keypairFromSeed(seedOf(0xff), type),
        keypairFromUri('//Alice', type),
      ]) {
        const read = keypairOf(parseKeyfile(privateKeyfile(made)));
        expect(read).toMatchObject({ ss58: made.ss58, cryptoType: type });
        expect(privateKeyfile(read)).toEqual(privateKeyfile(made));
        expect(made.verify(Buffer.from('x'), read.sign(Buffer.from('x')))).toBe(true);
      }
    }
  });
});
