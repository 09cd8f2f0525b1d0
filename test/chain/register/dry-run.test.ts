import { afterEach, expect, test } from 'vitest';
import { checkSigned, plannedCalls } from '../../../src/chain/register/dry-run.ts';
import { checkWithWork } from '../../../src/chain/register/dry-run-work.ts';
import { prepareRegistration } from '../../../src/chain/register/prepare.ts';
import { dryRun } from '../../../src/chain/transactions/dry-run.ts';
import { estimateFee } from '../../../src/chain/transactions/fee.ts';
import { hotkey, type Stage, startStage, tao } from './stage.ts';

let stage: Stage;
afterEach(async () => await stage.close());

const prepared = async (more: Parameters<Stage['request']>[0]) =>
  await prepareRegistration(stage.chain, stage.request(more), { estimateFee });

test('each of several is checked by the node, and the one that it refuses is named', async () => {
  stage = await startStage();
  const preparation = await prepared({ hotkeys: ['//Alice//1', '//Alice//2', '//Alice//3'] });
  const calls = plannedCalls(stage.chain, preparation, tao('1'));
  const options = { signer: stage.alice, nodeCheck: dryRun };
  expect(await checkSigned(stage.chain, calls, options)).toEqual({ kind: 'valid', checked: 3 });
  const [first, second, third] = calls;
  if (first === undefined || second === undefined || third === undefined) throw new Error('no three calls');
  const refused = stage.chain.compose('SubtensorModule', 'serve_axon', {
    netuid: 72,
    version: 1,
    ip: 0,
    port: 0,
    ip_type: 4,
    protocol: 4,
    placeholder1: 0,
    placeholder2: 0,
  });
  const mixed = [first, { ...second, call: refused }, third];
  expect(await checkSigned(stage.chain, mixed, options)).toMatchObject({
    kind: 'refused',
    target: second.target,
  });
});

test('a locked key checks nothing', async () => {
  stage = await startStage();
  const calls = plannedCalls(stage.chain, await prepared({}), tao('1'));
  const check = await checkSigned(stage.chain, calls, { signer: undefined, nodeCheck: dryRun });
  expect(check).toEqual({ kind: 'not-made', why: 'the key that signs stayed locked' });
});

const work = (timeoutMs: number) => ({
  signer: stage.alice,
  nodeCheck: dryRun,
  threads: 1,
  timeoutMs,
  onNews: () => undefined,
  signal: new AbortController().signal,
  now: Date.now,
});

test('a proof of work is searched for and judged, and nothing is sent', async () => {
  stage = await startStage({ variant: 'newer', scenario: 'pow', slotMs: 1_000 });
  const { calls, check } = await checkWithWork(stage.chain, await prepared({ way: 'pow' }), work(20_000));
  expect(check).toEqual({ kind: 'valid', checked: 1 });
  expect(calls[0]).toMatchObject({
    target: { ss58: hotkey('//Alice//new') },
    call: { human: expect.stringContaining('pow_register') },
  });
  expect(stage.devchain.submitted).toEqual([]);
});

test('a proof that is not found in its time: the check was not made', async () => {
  stage = await startStage({ variant: 'newer', scenario: 'pow', slotMs: 1_000 });
  const subnet = stage.devchain.world.subnets.get(72);
  if (subnet !== undefined) {
    subnet.params.minDifficulty = 2n ** 60n;
    subnet.difficulty = 2n ** 60n;
  }
  const { check } = await checkWithWork(stage.chain, await prepared({ way: 'pow' }), work(200));
  expect(check.kind).toBe('not-made');
});
