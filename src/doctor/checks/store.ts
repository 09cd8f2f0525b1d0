import { openStoreReader } from '../../store/index.ts';
import type { Check } from '../types.ts';

const DAY_MS = 86_400_000;

/** Whether the store can be read, and what the miner has seen in a day. */
export const store: Check = {
  id: 'store',
  title: 'store of predictions',
  async run({ paths, now }) {
    const reader = openStoreReader(paths.store);
    if (reader === null) return { status: 'note', sentence: `There is no store yet at ${paths.store}.` };
    try {
      const { requests, priors } = reader.summary({ since: now() - DAY_MS });
      const sentence = `${requests} challenges in 24 hours, ${priors} of them answered with the prior.`;
      if (requests === 0 || priors * 20 <= requests) return { status: 'ok', sentence };
      return {
        status: 'warning',
        sentence: `${sentence} More than one in twenty was not looked at.`,
        fix: 'sv72 challenge --count 5',
      };
    } finally {
      reader.close();
    }
  },
};
