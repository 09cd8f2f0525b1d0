import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keypairFromMnemonic, newMnemonic, normaliseMnemonic, WORD_COUNTS } from '../../src/wallet/index.ts';
import { OLD_LEOPARD } from './support/places.ts';

const words = OLD_LEOPARD.split(' ');

describe('mnemonics', () => {
  it.each(WORD_COUNTS)('new ones of %d words are valid and differ', (count) => {
    const [first, second] = [newMnemonic(count), newMnemonic(count)];
    expect(first.split(' ')).toHaveLength(count);
    expect(first).not.toBe(second);
    expect(() => keypairFromMnemonic(first)).not.toThrow();
  });

  it('numbered words in any order (E 101)', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(
          words.map((word, index) => ({ word, index })),
          { minLength: 12 },
        ),
        fc.constantFrom('-', '.', ':'),
        fc.constantFrom(' ', '  ', '\n'),
        (shuffled, mark, space) => {
          const written = shuffled.map(({ word, index }) => `${index + 1}${mark}${word}`).join(space);
          expect(normaliseMnemonic(written)).toBe(OLD_LEOPARD);
        },
      ),
    );
  });

  it.each([
    ['a number twice', '1-old 1-leopard 3-transfer'],
    ['a number missing', '1-old leopard 3-transfer'],
    ['a number too large', '1-old 2-leopard 4-transfer'],
    ['zero', '0-old 1-leopard 2-transfer'],
  ])('%s is refused', (_, text) => {
    expect(() => normaliseMnemonic(text)).toThrow(expect.objectContaining({ code: 'ERR_MNEMONIC' }));
  });

  it('spaces and capitals do not matter', () => {
    expect(normaliseMnemonic(`  ${OLD_LEOPARD.toUpperCase().replaceAll(' ', ' \t\n')} \r\n`)).toBe(
      OLD_LEOPARD,
    );
  });

  it('any text is normalised or refused, and normalising twice changes nothing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^(\d{1,2}[-.:][a-z]{1,5} ?){1,14}$/)), (text) => {
        let once: string;
        try {
          once = normaliseMnemonic(text);
        } catch (error) {
          expect(error).toMatchObject({ code: 'ERR_MNEMONIC' });
          return;
        }
        expect(normaliseMnemonic(once)).toBe(once);
      }),
    );
  });

  it('an error does not repeat the words', () => {
    for (const text of [
      `${OLD_LEOPARD} extra`,
      OLD_LEOPARD.replace('review', 'leopard'),
      OLD_LEOPARD.replace('old', 'olm'),
    ]) {
      expect(() => keypairFromMnemonic(text)).toThrow(
        expect.objectContaining({ message: expect.not.stringMatching(/leopard|olm|extra/) }),
      );
    }
  });
});
