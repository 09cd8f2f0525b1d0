import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readPrice } from '../../../src/chain/state/price.ts';
import { hotkey, type Stage, startStage, tao } from '../../chain/register/stage.ts';
import { keyOf } from '../../support/devchain/scenarios/index.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await startStage({ slotMs: 'instant' });
}, 60_000);
afterAll(async () => await stage.close());

const CHILD = fileURLToPath(new URL('./registers-until.ts', import.meta.url));
const CEILING = tao('0.5');
const BEFORE_SENDING = ['agree', 'unlock'];

/** Starts a registration in a process of its own and kills it when it is at `step`. */
async function killedAt(step: string, uri: string): Promise<void> {
  const child = spawn(process.execPath, [CHILD, stage.devchain.endpoint, stage.folder, step, uri], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = await once(child.stdout, 'data');
  expect(String(said)).toBe(`${step}\n`);
  child.kill('SIGKILL');
  await once(child, 'close');
}

const free = () => stage.devchain.world.accounts.get(keyOf('//Alice'))?.free ?? 0n;
const journals = () => readdirSync(stage.folder).filter((name) => name.endsWith('.json'));

/** How often a hotkey was registered, by the chain's own events. */
async function registrations(address: string, from: number): Promise<number> {
  let count = 0;
  const { number } = await stage.chain.head();
  for (let block = from; block <= number; block++) {
    const hash = await stage.chain.blockHash(block);
    if (hash === undefined) continue;
    const events = await stage.chain.events(hash);
    count += events.filter(
      ({ name, fields }) => name === 'NeuronRegistered' && Object.values(fields).includes(address),
    ).length;
  }
  return count;
}

test.each(['agree', 'unlock', 'signed', 'sent', 'in-block', 'finalized', 'registered'])(
  'a registration killed at %s is found out and taken up by the next run: paid once',
  async (step) => {
    const uri = `//Alice//killed at ${step}`;
    const request = stage.request({ hotkeys: [uri] });
    const { number: start } = await stage.chain.head();
    const before = free();
    const price = await readPrice(stage.chain, 72);
    stage.bills.length = 0;

    await killedAt(step, uri);
    expect(journals()).toHaveLength(['signed', 'sent', 'in-block', 'finalized'].includes(step) ? 1 : 0);
    const [registered] = await stage.register(request, { at: CEILING, ceiling: CEILING });

    expect(await registrations(hotkey(uri), start)).toBe(1);
    expect(journals()).toEqual([]);
    expect(await stage.chain.storage('SubtensorModule', 'Keys', 72, registered?.uid ?? -1)).toBe(hotkey(uri));
    expect(before - free()).toBeLessThan(price + tao('0.01'));
    // Nobody is asked again about what is already on its way.
    expect(stage.bills).toHaveLength(BEFORE_SENDING.includes(step) ? 1 : 0);
  },
  60_000,
);

test('what can still happen is waited for; what was agreed to for more is not sent again', async () => {
  const uri = '//Alice//cheaper';
  const request = stage.request({ hotkeys: [uri] });
  const sent = stage.sent('register_limit');
  await killedAt('signed', uri);

  const controller = new AbortController();
  const interrupted = stage.register(request, {
    ceiling: tao('0.4'),
    signal: controller.signal,
    onNews: ({ kind }) => kind === 'unsettled' && controller.abort(),
  });
  await expect(interrupted).rejects.toMatchObject({ code: 'ERR_INTERRUPTED' });
  expect(stage.sent('register_limit')).toBe(sent);
  expect(journals()).toHaveLength(1);

  const settled: unknown[] = [];
  const [registered] = await stage.register(request, {
    at: tao('0.49'),
    ceiling: tao('0.49'),
    onNews: (news) => {
      if (news.kind === 'unsettled') stage.devchain.mine(70);
      if (news.kind === 'settled') settled.push(news.what);
    },
  });
  expect(settled).toEqual(['never-happened']);
  expect(registered?.receipt?.charged).toBeLessThanOrEqual(tao('0.49'));
  expect(stage.sent('register_limit')).toBe(sent + 1);
}, 60_000);

test('what was signed upon a block that this chain does not have is void', async () => {
  const uri = '//Alice//fork';
  await killedAt('signed', uri);
  const [name = ''] = journals();
  const path = join(stage.folder, name);
  const note: { extrinsic: { birth: { hash: string } } } = JSON.parse(readFileSync(path, 'utf8'));
  note.extrinsic.birth.hash = `0x${'ab'.repeat(32)}`;
  writeFileSync(path, JSON.stringify(note));
  const [registered] = await stage.register(stage.request({ hotkeys: [uri] }), { at: CEILING });
  expect(registered?.receipt).toBeDefined();
}, 60_000);
