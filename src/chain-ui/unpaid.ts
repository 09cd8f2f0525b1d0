import { readPaying } from '../chain/index.ts';
import { effectiveNetuid, type Settings } from '../config/index.ts';
import { verdictText } from '../standing/index.ts';
import { connectFor } from './connect.ts';

const TIMEOUT_MS = 8_000;

/**
 * For commands that take hours and need no chain: a line when the subnet of the settings pays nobody now.
 * @returns undefined where it pays, and where that cannot be found out soon; it never throws
 */
export async function unpaidNote(settings: Settings): Promise<string | undefined> {
  try {
    const { network, chain: connection } = settings;
    const note = () => undefined;
    const chain = await connectFor({ network, chain: connection, note, timeoutMs: TIMEOUT_MS });
    try {
      const netuid = effectiveNetuid(settings);
      const paying = await readPaying(chain, netuid, { history: false });
      return paying.verdict === 'nobody'
        ? `Warning: ${verdictText(paying, netuid)} \`sv72 paying\` says why.`
        : undefined;
    } finally {
      await chain.close();
    }
  } catch {
    return undefined;
  }
}
