import { afterEach, expect, it } from 'vitest';
import { prepareRegistration } from '../../../src/chain/register/prepare.ts';
import { estimateFee } from '../../../src/chain/transactions/fee.ts';
import { type Stage, startStage } from './stage.ts';

const open: Stage[] = [];
afterEach(async () => {
  for (const stage of open.splice(0)) await stage.close();
});

async function halted(history: boolean): Promise<Stage> {
  const stage = await startStage({ scenario: 'halted', history });
  open.push(stage);
  return stage;
}

it('the bill says since when nobody is paid, from an archive where the node has forgotten', async () => {
  const { chain, request } = await halted(false);
  const { chain: archived } = await halted(true);
  const alone = await prepareRegistration(chain, request(), { estimateFee });
  expect(alone.paying).toMatchObject({ verdict: 'nobody', lastPaid: undefined });
  const archive = async () => archived;
  const told = await prepareRegistration(chain, request(), { estimateFee, archive });
  expect(told.paying).toMatchObject({ verdict: 'nobody', lastPaid: { kind: 'stopped' } });
});
