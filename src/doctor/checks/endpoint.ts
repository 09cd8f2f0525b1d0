import { resolveNetwork } from '../../config/index.ts';
import type { Check } from '../types.ts';

const SLOW_MS = 1_500;

/** Whether the chain's endpoint answers, how fast, and whether it is the chain that the settings name. */
export const endpoint: Check = {
  id: 'endpoint',
  title: 'chain endpoint',
  chain: true,
  async run({ chain, settings }) {
    const connected = await chain();
    const times: number[] = [];
    for (let i = 0; i < 3; i += 1) {
      const startedAt = performance.now();
      await connected.rpc('chain_getHeader');
      times.push(performance.now() - startedAt);
    }
    const ms = Math.round(times.sort((a, b) => a - b)[1] ?? 0);
    const { identity, spec } = connected;
    const name = resolveNetwork(settings.network)?.name ?? settings.network;
    if ((name === 'finney' || name === 'test') && identity.known !== name) {
      return {
        status: 'failed',
        sentence: `${connected.endpoint} is not ${name}: its genesis is ${identity.genesisHash}.`,
        fix: 'sv72 config unset network',
      };
    }
    const what =
      identity.known === undefined
        ? `a chain of genesis ${identity.genesisHash.slice(0, 10)}…`
        : identity.known;
    const sentence = `${connected.endpoint} is ${what}, runtime ${spec}, and answers in ${ms} ms.`;
    if (ms <= SLOW_MS) return { status: 'ok', sentence };
    return { status: 'warning', sentence, fix: 'sv72 config set network wss://lite.chain.opentensor.ai:443' };
  },
};
