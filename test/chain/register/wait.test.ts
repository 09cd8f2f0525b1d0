import { afterEach, expect, test, vi } from 'vitest';
import { eachHead, waitForPrice } from '../../../src/chain/register/wait.ts';
import { priceAfterBlocks } from '../../../src/chain/rules/index.ts';
import { type Stage, startStage, tao } from './stage.ts';

let stage: Stage;
afterEach(async () => await stage.close());

const never = () => new AbortController().signal;

test('waits until the price has fallen, and registers below it', async () => {
  stage = await startStage({ slotMs: 'manual' });
  const target = tao('0.0795');
  const [registered] = await stage.register(stage.request(), {
    at: target,
    wait: { target, timeoutMs: 20_000 },
    onNews: (news) => {
      stage.news.push(news);
      if (news.kind === 'price' || news.kind === 'submitted') stage.devchain.mine();
    },
  });
  const prices = stage.news.filter((news) => news.kind === 'price');
  expect(prices.length).toBeGreaterThan(1);
  expect(prices.at(-1)?.price).toBeLessThanOrEqual(target);
  expect(prices.slice(0, -1).every(({ price }) => price > target)).toBe(true);
  expect(registered?.receipt?.charged).toBeLessThanOrEqual(target);
});

test('gives up when the time is over, and says how low it got', async () => {
  stage = await startStage({ slotMs: 20 });
  const waiting = stage.register(stage.request(), { wait: { target: tao('0.001'), timeoutMs: 150 } });
  await expect(waiting).rejects.toMatchObject({ code: 'ERR_PRICE_WAIT_TIMEOUT' });
  expect(stage.devchain.submitted).toEqual([]);
});

test('can be interrupted', async () => {
  stage = await startStage({ slotMs: 20 });
  const controller = new AbortController();
  const context = {
    chain: stage.chain,
    signal: controller.signal,
    onNews: () => controller.abort(),
  };
  const waiting = waitForPrice(context, { netuid: 72, target: tao('0.001'), timeoutMs: 60_000 });
  await expect(waiting).rejects.toMatchObject({ code: 'ERR_INTERRUPTED' });
});

test('the chain is asked for nothing but the price of each block', async () => {
  stage = await startStage({ slotMs: 'manual' });
  const { chain, devchain } = stage;
  const asked: string[] = [];
  const counting = new Proxy(chain, {
    get(target, name, receiver) {
      if (name === 'storage') {
        return (...args: Parameters<typeof chain.storage>) => {
          asked.push(args.slice(0, 2).join('.'));
          return target.storage(...args);
        };
      }
      const value = Reflect.get(target, name, receiver === counting ? target : receiver);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  const rule = {
    kind: 'continuous',
    halfLife: 360,
    increaseBits: 1n << 64n,
    min: tao('0'),
    max: tao('100'),
  } as const;
  const target = priceAfterBlocks(tao('0.08'), 5, rule);
  let blocks = 0;
  const context = {
    chain: counting,
    signal: never(),
    onNews: () => {
      blocks++;
      devchain.mine();
    },
  };
  await waitForPrice(context, { netuid: 72, target, timeoutMs: 20_000 });
  expect(asked).toEqual(Array.from({ length: blocks }, () => 'SubtensorModule.Burn'));
  expect(blocks).toBeLessThanOrEqual(7);
});

test('heads that come while one is looked at are skipped, and a look that fails ends it', async () => {
  stage = await startStage({ slotMs: 'manual' });
  const { chain, devchain } = stage;
  const seen: number[] = [];
  const answer = await eachHead(chain, { timeoutMs: 20_000, signal: never() }, async ({ number }) => {
    seen.push(number);
    devchain.mine(3);
    await chain.head();
    return seen.length === 3 ? 'enough' : undefined;
  });
  expect(answer).toBe('enough');
  expect(seen).toHaveLength(3);
  const failing = eachHead(chain, { timeoutMs: 20_000, signal: never() }, async () => {
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
});

test('a time longer than a timer can be is not over at once, but when it is over', async () => {
  stage = await startStage({ slotMs: 'manual' });
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const { chain } = stage;
    const days = 86_400_000;
    let over = false;
    const head = { hash: '0x00', parent: '0x00', number: 1 } as const;
    const heads = { ...chain, head: async () => head, subscribeHeads: async () => () => undefined };
    const waiting = eachHead(heads, { timeoutMs: 30 * days, signal: never() }, async () => undefined);
    void waiting.then(() => {
      over = true;
    });
    await vi.advanceTimersByTimeAsync(29 * days);
    expect(over).toBe(false);
    await vi.advanceTimersByTimeAsync(days);
    expect(over).toBe(true);
  } finally {
    vi.useRealTimers();
  }
});
