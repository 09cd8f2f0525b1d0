import { afterEach, expect, test } from 'vitest';
import { meetsDifficulty, sealPrefix, sealWork } from '../../../../src/chain/register/pow/seal.ts';
import { type Found, openSearch, type Search } from '../../../../src/chain/register/pow/search.ts';
import { SUBJECT } from './vectors.ts';

let search: Search | undefined;
afterEach(async () => await search?.close());

const prefixOf = (netuid: number) => sealPrefix({ ...SUBJECT, netuid });

/** Opens a search and collects what it finds. */
function open(threads: number) {
  const waiting: ((found: Found) => void)[] = [];
  const failures: Error[] = [];
  search = openSearch({
    threads,
    onFound: (found) => waiting.shift()?.(found),
    onFailure: (error) => failures.push(error),
  });
  const next = () => new Promise<Found>((resolve) => waiting.push(resolve));
  return { search, next, failures };
}

test('several threads find a nonce, count what they tried, and go on with the next task', async () => {
  const { search, next, failures } = open(2);
  for (const netuid of [72, 73]) {
    const found = next();
    search.seek(prefixOf(netuid), 100_000n);
    const { prefix, nonce, work } = await found;
    expect(prefix).toEqual(prefixOf(netuid));
    expect(work).toEqual(sealWork(prefix, nonce));
    expect(meetsDifficulty(work, 100_000n)).toBe(true);
  }
  expect(search.tried()).toBeGreaterThan(0n);
  expect(failures).toEqual([]);
});

test('a new task takes the place of one that cannot be done', async () => {
  const { search, next } = open(1);
  const found = next();
  search.seek(prefixOf(1), 2n ** 64n - 1n);
  search.seek(prefixOf(2), 2n);
  expect((await found).prefix).toEqual(prefixOf(2));
});

test('a search that rests can be taken up', async () => {
  const { search, next } = open(1);
  search.seek(prefixOf(1), 2n ** 64n - 1n);
  search.rest();
  const found = next();
  search.seek(prefixOf(3), 1n);
  expect((await found).prefix).toEqual(prefixOf(3));
});
