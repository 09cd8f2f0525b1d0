import { readPaying } from '../../chain/index.ts';
import type { Check } from '../types.ts';

/** Whether the subnet pays miners at all: what else is wrong matters less when it does not. */
export const paying: Check = {
  id: 'paying',
  title: 'does it pay',
  chain: true,
  async run({ chain, netuid }) {
    // Since when is a search through the past, which `sv72 paying` takes the time for.
    const { verdict, reasons } = await readPaying(await chain(), netuid, { history: false });
    const fix = `sv72 paying --netuid ${netuid}`;
    const because = (kind: 'good' | 'bad') => {
      const text = reasons.find((reason) => reason.kind === kind)?.text;
      return text === undefined ? '' : ` ${text}`;
    };
    if (verdict === 'pays')
      return { status: 'ok', sentence: `Subnet ${netuid} pays its miners.${because('good')}` };
    if (verdict === 'nobody') {
      return { status: 'warning', sentence: `Subnet ${netuid} pays no miner now.${because('bad')}`, fix };
    }
    return {
      status: 'unknown',
      sentence: `Whether subnet ${netuid} pays miners now could not be found out.`,
      fix,
    };
  },
};
