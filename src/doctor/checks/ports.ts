import { createServer } from 'node:net';
import { findLocalMiners } from '../../miner/index.ts';
import type { Check, DoctorContext, Finding } from '../types.ts';

/** Whether each hotkey's port is free for the miner, or the miner has it. */
export const ports: Check = {
  id: 'ports',
  title: 'ports',
  async run(context) {
    const { host, port } = context.settings.axon;
    if (port === 0)
      return {
        status: 'note',
        sentence: 'The port is 0: each start takes another, so it cannot be announced for long.',
      };
    const miners = await findLocalMiners();
    return await Promise.all(
      context.hotkeys.map(async ({ name, ss58 }, index): Promise<Finding> => {
        const wanted = port + index;
        const miner = miners.find((listening) => listening.hotkey === ss58 && ss58 !== undefined);
        if (miner !== undefined) {
          return {
            status: 'ok',
            sentence: `The miner of "${name}" (process ${miner.pid}) listens on ${miner.host} port ${miner.port}.`,
          };
        }
        const problem = await tryPort(host, wanted);
        if (problem === undefined)
          return { status: 'ok', sentence: `Port ${wanted} is free for "${name}"; no miner runs for it.` };
        return problem === 'EADDRINUSE'
          ? {
              status: 'failed',
              sentence: `Port ${wanted} for "${name}" is taken by another program.`,
              fix: `ss -ltnp 'sport = :${wanted}'`,
            }
          : {
              status: 'failed',
              sentence: `Port ${wanted} for "${name}" cannot be listened on (${problem}).`,
              fix: 'sv72 serve --port 8091',
            };
      }),
    );
  },
};

async function tryPort(host: string, port: number): Promise<string | undefined> {
  const server = createServer();
  return await new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host, port }, () => server.close(() => resolve(undefined)));
  });
}

/** Ports that validators must reach, one per hotkey. */
export function neededPorts({ settings, hotkeys }: Pick<DoctorContext, 'settings' | 'hotkeys'>): number[] {
  return hotkeys.map((_, index) => settings.axon.port + index).filter((port) => port > 0);
}
