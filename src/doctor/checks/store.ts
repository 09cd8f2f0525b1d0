import { openStoreReader, type StoreReader } from '../../store/index.ts';
import { about } from '../about.ts';
import type { Check, Finding } from '../types.ts';

const DAY_MS = 86_400_000;

/** Whether the store can be read, and what the miners have seen in a day. */
export const store: Check = {
  id: 'store',
  title: 'store of predictions',
  async run(context) {
    const { paths, now, miners } = context;
    const reader = openStoreReader(paths.store);
    if (reader === null) return { status: 'note', sentence: `There is no store yet at ${paths.store}.` };
    try {
      const since = now() - DAY_MS;
      if (miners.length < 2) return findingOf(reader.summary({ since }));
      return miners.flatMap(({ name, ss58 }) =>
        ss58 === undefined ? [] : [about(context, [name], findingOf(reader.summary({ miner: ss58, since })))],
      );
    } finally {
      reader.close();
    }
  },
};

function findingOf({ requests, priors }: ReturnType<StoreReader['summary']>): Finding {
  const sentence = `${requests} challenges in 24 hours, ${priors} of them answered with the prior.`;
  if (requests === 0 || priors * 20 <= requests) return { status: 'ok', sentence };
  return {
    status: 'warning',
    sentence: `${sentence} More than one in twenty was not looked at.`,
    fix: 'sv72 challenge --count 5',
  };
}
