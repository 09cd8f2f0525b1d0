import { afterEach, expect, test } from 'vitest';
import { prepareRegistration } from '../../../src/chain/register/prepare.ts';
import { billLines } from '../../../src/chain/register/render.ts';
import { pruningOrder } from '../../../src/chain/rules/index.ts';
import { readPruning } from '../../../src/chain/state/pruning.ts';
import { estimateFee } from '../../../src/chain/transactions/fee.ts';
import { keyOf } from '../../support/devchain/scenarios/index.ts';
import { type Stage, startStage, tao } from './stage.ts';

let stage: Stage;
afterEach(async () => await stage.close());

const shown = async (hotkeys: readonly string[]) => {
  const preparation = await prepareRegistration(stage.chain, stage.request({ hotkeys }), { estimateFee });
  return { preparation, text: billLines(preparation, stage.chain).join('\n') };
};

test('the existential deposit is on the bill', async () => {
  stage = await startStage();
  expect((await shown(['//Alice//new'])).text).toMatch(/Stays +τ 0\.0000005 has to stay in the account/);
});

test('everybody who is pushed out by a run of several is named, and our own as such', async () => {
  stage = await startStage();
  const { chain, devchain } = stage;
  const { number } = await chain.head();
  const [first, second] = pruningOrder(await readPruning(chain, 72, number + 1));
  const hotkeyAt = (uid = -1) => devchain.world.subnets.get(72)?.neurons[uid]?.hotkey ?? '0x';
  devchain.world.owners.set(hotkeyAt(second), keyOf('//Alice'));
  const { preparation, text } = await shown(['//Alice//1', '//Alice//2']);
  expect(preparation.survey.leaving.map(({ uid }) => uid)).toEqual([first, second]);
  const names = await Promise.all(
    [first, second].map((uid = -1) => chain.storage('SubtensorModule', 'Keys', 72, uid)),
  );
  expect(text).toContain(`Pushed out  UID ${first}, ${names[0]}`);
  expect(text).toMatch(new RegExp(`UID ${second}, ${names[1]}\\n +IT IS YOUR OWN`));
  expect(text.match(/YOUR OWN/g)).toHaveLength(1);
});

test('nobody is pushed out of free slots', async () => {
  stage = await startStage({ scenario: 'empty' });
  const { preparation, text } = await shown(['//Alice//new']);
  expect(preparation.survey.leaving).toEqual([]);
  expect(text).not.toContain('Pushed out');
});

test('more registrations than others can go for: that a newcomer would go is said', async () => {
  stage = await startStage();
  const subnet = stage.devchain.world.subnets.get(72);
  if (subnet === undefined) throw new Error('no subnet 72');
  subnet.neurons.length = 2;
  subnet.params.maxAllowedUids = 2;
  subnet.params.minNonImmuneUids = 0;
  stage.devchain.world.accounts.set(keyOf('//Alice'), { free: tao('1000'), reserved: 0n, nonce: 0 });
  const { text } = await shown(['//Alice//1', '//Alice//2', '//Alice//3', '//Alice//4']);
  expect(text).toMatch(/nobody is left to go but a newcomer/);
});
