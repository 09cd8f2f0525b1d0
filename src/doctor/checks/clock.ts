import type { Check } from '../types.ts';

/** A caller's signature is judged by this machine's clock: this many seconds of error are harmless. */
const HARMLESS_MS = 2_000;
/** More than this many missing blocks mean that the chain, not the clock, stands still. */
const STALLED_BLOCKS = 10;

/** This machine's clock against the time of the chain's newest block. */
export const clock: Check = {
  id: 'clock',
  title: 'clock',
  chain: true,
  async run({ chain, now, program }) {
    const connected = await chain();
    const startedAt = now();
    const blockAt = await connected.timestamp();
    const endedAt = now();
    const fix = 'sudo timedatectl set-ntp true';
    // A block is stamped when it is made, so it can be old but never from the future.
    const behindMs = blockAt - endedAt;
    if (behindMs > HARMLESS_MS) {
      return {
        status: 'failed',
        sentence: `The newest block is ${seconds(behindMs)} ahead of this machine’s clock, so the clock is behind.`,
        fix,
      };
    }
    const ageMs = startedAt - blockAt;
    const synchronised = await isSynchronised(program);
    if (ageMs > connected.blockMs * STALLED_BLOCKS) {
      return {
        status: synchronised === true ? 'warning' : 'failed',
        sentence: `The newest block is ${seconds(ageMs)} old: the chain stands still, the endpoint is behind, or this clock is ahead${synchronised === true ? ' (which is not likely: it is synchronised)' : ''}.`,
        fix,
      };
    }
    if (synchronised === false) {
      return {
        status: 'warning',
        sentence: 'The clock fits the chain now, but nothing keeps it right (no NTP).',
        fix,
      };
    }
    return {
      status: 'ok',
      sentence: `The newest block is ${seconds(Math.max(0, ageMs))} old, with ${seconds(connected.blockMs)} between blocks${synchronised === true ? '; NTP keeps the clock right' : ''}.`,
    };
  },
};

async function isSynchronised(program: Parameters<Check['run']>[0]['program']): Promise<boolean | undefined> {
  const output = await program('timedatectl', ['show', '--property', 'NTPSynchronized']);
  const value = /NTPSynchronized=(yes|no)/.exec(output?.stdout ?? '')?.[1];
  return value === undefined ? undefined : value === 'yes';
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
