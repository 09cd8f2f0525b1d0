import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commitmentInfo, isModelId } from '../../../src/chain/index.ts';
import { Sv72Error } from '../../../src/errors/index.ts';

const FREE = { limit: 3_100, used: 0, left: 3_100 };

describe('a commitment', () => {
  it('takes the variant of its length in bytes', () => {
    const { info, bytes } = commitmentInfo('aé', { space: FREE, bigRaw: true });
    expect(bytes).toBe(3);
    expect(info).toEqual({ fields: [{ type: 'Raw3', value: new Uint8Array([0x61, 0xc3, 0xa9]) }] });
  });

  it('counts as a hundred bytes at least, and never more than are left', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 600, unit: 'grapheme' }),
        fc.nat(700),
        (text, left) => {
          const length = Buffer.byteLength(text);
          const space = { limit: 3_100, used: 3_100 - left, left };
          const fits = length <= 512 && Math.max(100, length) <= left;
          try {
            expect(commitmentInfo(text, { space, bigRaw: true }).counted).toBeLessThanOrEqual(left);
            expect(fits).toBe(true);
          } catch (error) {
            if (!(error instanceof Sv72Error)) throw error;
            expect(error.code).toBe('ERR_COMMITMENT');
            expect(fits).toBe(false);
          }
        },
      ),
    );
  });

  it('goes into BigRaw beyond 128 bytes where there is one', () => {
    expect(commitmentInfo('x'.repeat(129), { bigRaw: true }).info).toMatchObject({
      fields: [{ type: 'BigRaw' }],
    });
    expect(() => commitmentInfo('x'.repeat(129), { bigRaw: false })).toThrow(/128/);
    expect(() => commitmentInfo('', { bigRaw: true })).toThrow(/nothing/);
  });

  it.each([
    ['alice/roadwork-vit', true],
    ['alice/roadwork-vit:v1.2', true],
    ['alice', false],
    ['alice/../x', false],
    ['a/b/c', false],
    ['alice/road work', false],
    ['https://huggingface.co/alice/x', false],
  ])('%s is a model: %s', (text, is) => {
    expect(isModelId(text)).toBe(is);
  });
});
