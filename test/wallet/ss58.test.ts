import { encodeAddress } from '@polkadot/util-crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSs58, ss58Decode, ss58Encode } from '../../src/wallet/index.ts';

const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';

describe('SS58', () => {
  it('round trip, same as another implementation', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (key) => {
        const address = ss58Encode(key);
        expect(address).toBe(encodeAddress(key, 42));
        expect(ss58Decode(address)).toEqual(key);
      }),
    );
  });

  it.each([
    ['another network', encodeAddress(new Uint8Array(32).fill(7), 0)],
    ['a wrong checksum', `${ALICE.slice(0, -1)}Z`],
    ['a leading space', ` ${ALICE}`],
    ['a trailing newline', `${ALICE}\n`],
    ['a character outside base58', `${ALICE.slice(0, -1)}0`],
    ['an empty text', ''],
    ['a long text', '5'.repeat(100_000)],
  ])('refuses %s', (_, address) => {
    expect(isSs58(address)).toBe(false);
    expect(() => ss58Decode(address)).toThrow(expect.objectContaining({ code: 'ERR_ADDRESS' }));
  });

  it('any text is either refused or the canonical spelling of its key', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (text) => {
        if (isSs58(text)) expect(ss58Encode(ss58Decode(text))).toBe(text);
      }),
    );
  });

  it('changing one character is noticed', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 47 }),
        fc.constantFrom(...'123456789ABCDEFGHJKLMNPQRSTUVWXYZ'),
        (at, letter) => {
          const changed = ALICE.slice(0, at) + letter + ALICE.slice(at + 1);
          expect(isSs58(changed)).toBe(changed === ALICE);
        },
      ),
    );
  });

  it('a refused text is not repeated when it may be a secret', () => {
    expect(() => ss58Decode('bottom drive obey')).not.toThrow(/bottom/);
    expect(() => ss58Decode('bottom drive obey')).toThrow();
  });
});
