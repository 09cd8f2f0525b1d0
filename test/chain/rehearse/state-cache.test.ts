import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StateCache } from '../../../src/chain/rehearse/state-cache.ts';

const BLOCK = '0xb10c';
const PAGE = 1000;

/** An endpoint with this state, which counts what it is asked, as chopsticks asks through the cache. */
function endpoint(state: ReadonlyMap<string, string>, working = true) {
  const asked = { pages: 0, batches: 0, single: 0 };
  const cache = new StateCache(BLOCK);
  cache.remote = {
    async getKeysPaged(prefix, size, start) {
      asked.pages++;
      if (!working) throw new Error('method not allowed');
      const keys = [...state.keys()].filter((key) => key.startsWith(prefix) && key > start).sort();
      return keys.slice(0, size);
    },
    async getStorageBatch(_prefix, keys) {
      asked.batches++;
      return keys.map((key) => [key, state.get(key) ?? null]);
    },
  };
  const read = async (key: string) => {
    const known = await cache.queryStorage(BLOCK, key);
    if (known) return known.value ?? undefined;
    asked.single++;
    const value = state.get(key) ?? null;
    await cache.saveStorage(BLOCK, key, value);
    return value ?? undefined;
  };
  return { asked, cache, read };
}

const item = (number: number) => `0x${number.toString(16).padStart(64, '0')}`;
const map = (number: number, size: number) =>
  new Map(
    Array.from({ length: size }, (_, key) => [
      `${item(number)}${key.toString(16).padStart(4, '0')}`,
      `0x${key}`,
    ]),
  );

describe('the state of a forked block', () => {
  it('is always the endpoint’s, whatever is read in whatever order', async () => {
    const key = fc.tuple(fc.nat(3), fc.nat(3), fc.nat(40)).map(([one, two, three]) => {
      const part = (n: number) => n.toString(16).padStart(2, '0');
      return three === 40 ? item(one) : `${item(one)}${part(two)}${part(three)}`;
    });
    const states = fc
      .uniqueArray(key, { maxLength: 200 })
      .map((keys) => new Map(keys.map((one) => [one, `${one}ff`])));
    await fc.assert(
      fc.asyncProperty(
        states,
        fc.array(key, { maxLength: 100 }),
        fc.boolean(),
        async (state, reads, working) => {
          const { read } = endpoint(state, working);
          for (const one of reads) expect(await read(one)).toBe(state.get(one));
        },
      ),
    );
  });

  it('comes in a few requests where a map is walked through', async () => {
    const state = map(1, 900);
    const { asked, read } = endpoint(state);
    for (const [key, value] of state) expect(await read(key)).toBe(value);
    expect(asked.single).toBeLessThan(3);
    expect(asked.pages + asked.batches).toBeLessThan(8);
  });

  it('is known to hold nothing where all of a map was read', async () => {
    const state = map(1, 10);
    const { asked, read } = endpoint(state);
    for (let key = 0; key < 500; key++) await read(`${item(1)}${key.toString(16).padStart(4, '0')}`);
    expect(asked).toEqual({ pages: 1, batches: 1, single: 2 });
  });

  it('of a map larger than a page comes in the parts that are walked through', async () => {
    const state = map(1, PAGE + 200);
    const { asked, read } = endpoint(state);
    for (const [key, value] of state) expect(await read(key)).toBe(value);
    expect(asked.single).toBeLessThan(20);
    expect(asked.pages + asked.batches).toBeLessThan(20);
  });

  it('is asked for once by many readers at a time', async () => {
    const state = map(1, 300);
    const { asked, read } = endpoint(state);
    await Promise.all([...state.keys()].map(read));
    expect(asked.pages).toBe(1);
  });

  it('of other blocks is none of its business', async () => {
    const { cache } = endpoint(map(1, 10));
    await cache.saveStorage('0xother', item(1), '0x01');
    expect(await cache.queryStorage('0xother', item(1))).toBeNull();
    expect(await cache.queryStorage(BLOCK, item(1))).toBeNull();
  });
});
