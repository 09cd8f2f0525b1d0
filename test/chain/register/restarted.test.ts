import { readdirSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { newsLine } from '../../../src/chain/register/render.ts';
import { type Stage, startStage } from './stage.ts';

const stages: Stage[] = [];
afterEach(async () => {
  for (const stage of stages.splice(0)) await stage.close();
});

async function open(): Promise<Stage> {
  const stage = await startStage({ slotMs: 'manual' });
  stages.push(stage);
  return stage;
}

/** A registration that is signed and never sent. @returns the block that it was signed upon */
async function cutOff({ devchain, chain, register, request }: Stage): Promise<number> {
  devchain.mine(12);
  const controller = new AbortController();
  const cut = register(request(), {
    signal: controller.signal,
    onNews: ({ kind }) => {
      if (kind === 'signed') controller.abort();
    },
  });
  await expect(cut).rejects.toMatchObject({ code: 'ERR_INTERRUPTED' });
  return (await chain.head()).number;
}

test('a chain that began anew: said with the blocks it is behind and the note, waited for, and then registered', async () => {
  const before = await open();
  const birth = await cutOff(before);
  const after = await open();
  const start = (await after.chain.head()).number;
  expect(start).toBeLessThan(birth);
  // Another history than the one before, as any restart has.
  after.devchain.world.timestamp += 1;
  const lines: string[] = [];
  const [registered] = await after.register(after.request(), {
    folder: before.folder,
    onNews: (news) => {
      after.news.push(news);
      lines.push(newsLine(news));
      if (news.kind !== 'settled' && news.kind !== 'registered') after.devchain.mine();
    },
  });
  const behind = after.news.find((news) => news.kind === 'behind');
  expect(behind).toMatchObject({ block: start });
  const left = (behind?.birth ?? 0) - start;
  expect(left).toBeGreaterThan(0);
  expect(lines).toContainEqual(expect.stringContaining(`block ${start}, ${left} blocks behind`));
  expect(behind?.note).toContain(before.folder);
  const waits = after.news.filter((news) => news.kind === 'waiting');
  expect(waits.length).toBeGreaterThan(1);
  expect(waits.every(({ blocksLeft, msLeft }) => msLeft === blocksLeft * after.chain.blockMs)).toBe(true);
  expect(waits.at(-1)?.blocksLeft).toBeLessThan(waits[0]?.blocksLeft ?? 0);
  expect(after.news).toContainEqual(expect.objectContaining({ kind: 'settled', what: 'never-happened' }));
  expect(registered?.receipt).toBeDefined();
  expect(readdirSync(before.folder).filter((name) => name.endsWith('.json'))).toEqual([]);
});
