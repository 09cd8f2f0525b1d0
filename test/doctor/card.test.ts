import { describe, expect, it } from 'vitest';
import { cardProblems } from '../../src/doctor/checks/card.ts';

const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';
const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty';
const miners = [{ name: 'miner1', ss58: ALICE }];
const ours = ['miner1'];
const good = {
  model_name: 'roads',
  description: 'Finds roadwork.',
  version: '1.2.3',
  submitted_by: ALICE,
  submission_time: 1_780_000_000,
};

describe('the model card', () => {
  it('as the subnet wants it has no problem', () => {
    expect(cardProblems(good, { miners }, ours)).toEqual([]);
  });

  it.each([
    [{ submitted_by: 'miner1' }, /no SS58 address/],
    [{ submitted_by: BOB }, /none of our hotkeys/],
    [{ submission_time: 1_780_000_000_000 }, /milliseconds/],
    [{ submission_time: '1780000000' }, /no whole number/],
    [{ version: '1.2' }, /X\.Y\.Z/],
    [{ version: 2 }, /X\.Y\.Z/],
    [{ description: '' }, /description is missing/],
  ])('with %j is refused', (change, expected) => {
    expect(cardProblems({ ...good, ...change }, { miners }, ours).join()).toMatch(expected);
  });

  it('is that of a miner that answers with the model', () => {
    const both = [...miners, { name: 'miner2', ss58: BOB }];
    expect(cardProblems(good, { miners: both }, ['miner1', 'miner2'])).toEqual([]);
    expect(cardProblems(good, { miners: both }, ['miner2'])).toEqual([
      'submitted_by is "miner1", which does not answer with this model',
    ]);
  });

  it('that is no object is refused', () => {
    for (const value of [null, [], 'card', 3])
      expect(cardProblems(value, { miners }, ours)).toEqual(['it is no object']);
  });
});
