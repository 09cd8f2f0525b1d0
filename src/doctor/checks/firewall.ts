import type { Check } from '../types.ts';
import { neededPorts } from './ports.ts';

/** What this machine's own packet filter says of the ports, as far as this user may see. A provider's firewall is never visible. */
export const firewall: Check = {
  id: 'firewall',
  title: 'firewall',
  async run(context) {
    const needed = neededPorts(context);
    if (context.platform !== 'linux')
      return { status: 'unknown', sentence: 'The firewall is looked at on Linux only.' };
    if (context.root) return await asRoot(context, needed);
    if (/^ENABLED=yes/m.test(context.readText('/etc/ufw/ufw.conf') ?? '')) {
      return {
        status: 'unknown',
        sentence: `ufw is on; which ports it lets in can only root see.`,
        fix: `sudo ufw allow ${needed.join(',') || 8091}/tcp`,
      };
    }
    return {
      status: 'note',
      sentence: 'ufw is off; other filters, and the provider’s, cannot be seen without root.',
    };
  },
};

async function asRoot(
  { program }: Parameters<Check['run']>[0],
  needed: readonly number[],
): Promise<Awaited<ReturnType<Check['run']>>> {
  const ufw = await program('ufw', ['status']);
  if (ufw?.stdout.includes('Status: active')) {
    const closed = needed.filter((port) => !new RegExp(`^${port}(/tcp)?\\s+ALLOW`, 'm').test(ufw.stdout));
    return closed.length === 0
      ? { status: 'ok', sentence: `ufw lets ${needed.join(', ')} in.` }
      : {
          status: 'failed',
          sentence: `ufw is on and has no rule that lets ${closed.join(', ')} in.`,
          fix: `ufw allow ${closed.join(',')}/tcp`,
        };
  }
  const rules = await program('nft', ['list', 'ruleset']);
  if (ufw === undefined && rules === undefined) {
    return {
      status: 'note',
      sentence: 'Neither ufw nor nft is here to ask; a provider’s firewall cannot be seen from here.',
    };
  }
  const drops = rules?.exit === 0 && /hook input [^;]*;\s*policy drop/.test(rules.stdout);
  const closed = needed.filter(
    (port) => !new RegExp(`dport[^\\n]*\\b${port}\\b[^\\n]*accept`).test(rules?.stdout ?? ''),
  );
  if (drops && closed.length > 0) {
    return {
      status: 'warning',
      sentence: `The packet filter drops what no rule accepts, and no rule names port ${closed.join(', ')}.`,
      fix: 'nft list ruleset',
    };
  }
  return {
    status: 'note',
    sentence:
      'No filter of this machine stands in the way, as far as ufw and nft show; a provider’s firewall cannot be seen from here.',
  };
}
