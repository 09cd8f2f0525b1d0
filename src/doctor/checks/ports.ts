import { createServer } from 'node:net';
import type { Settings } from '../../config/index.ts';
import { findLocalMiners, type LocalMiner } from '../../miner/index.ts';
import { EDIT } from '../about.ts';
import type { Check, DoctorContext, DoctorMiner, Finding } from '../types.ts';

/** Whether each miner's port is free for it, or it has it. */
export const ports: Check = {
  id: 'ports',
  title: 'ports',
  async run({ miners, settings }) {
    if (miners.every(({ port }) => port === 0))
      return {
        status: 'note',
        sentence: 'The port is 0: each start takes another, so it cannot be announced for long.',
      };
    const running = await findLocalMiners();
    const found = await Promise.all(
      miners.map(async (miner): Promise<Finding> => {
        const twin = miners.find(
          ({ name, port }) => port !== 0 && port === miner.port && name !== miner.name,
        );
        const finding = twin
          ? sharedPort(miner, twin)
          : await findingOf(miner, { running, settings, ours: miners });
        return { ...finding, miners: [miner.name] };
      }),
    );
    return found;
  },
};

interface Around {
  readonly running: readonly LocalMiner[];
  readonly settings: Settings;
  readonly ours: readonly DoctorMiner[];
}

function sharedPort({ name, port }: DoctorMiner, twin: DoctorMiner): Finding {
  return {
    status: 'failed',
    sentence: `"${name}" and "${twin.name}" would both listen on port ${port}.`,
    fix: EDIT,
  };
}

async function findingOf(miner: DoctorMiner, { running, settings, ours }: Around): Promise<Finding> {
  const { name, ss58, port, listed } = miner;
  const { host } = settings.axon;
  const here = running.find((one) => one.hotkey === ss58 && ss58 !== undefined);
  if (here !== undefined) {
    const sentence = `The miner of "${name}" (process ${here.pid}) listens on ${here.host} port ${here.port}`;
    return port === 0 || port === here.port
      ? { status: 'ok', sentence: `${sentence}.` }
      : { status: 'note', sentence: `${sentence}; the settings say ${port}.` };
  }
  if (port === 0) {
    return {
      status: 'note',
      sentence: `The port of "${name}" is 0: each start takes another, so it cannot be announced for long.`,
    };
  }
  const problem = await tryPort(host, port);
  if (problem === undefined) {
    const others = listed && running.some(({ hotkey }) => ours.some((one) => one.ss58 === hotkey));
    const { metrics } = settings;
    return others
      ? {
          status: 'warning',
          sentence: `No miner of "${name}" runs, though others of the settings do; port ${port} is free for it.`,
          fix: metrics.enabled ? `curl http://${metrics.host}:${metrics.port}/readyz` : 'sv72 serve --all',
        }
      : { status: 'ok', sentence: `Port ${port} is free for "${name}"; no miner runs for it.` };
  }
  return problem === 'EADDRINUSE'
    ? {
        status: 'failed',
        sentence: `Port ${port} for "${name}" is taken by another program.`,
        fix: `ss -ltnp 'sport = :${port}'`,
      }
    : {
        status: 'failed',
        sentence: `Port ${port} for "${name}" cannot be listened on (${problem}).`,
        fix: listed ? EDIT : 'sv72 serve --port 8091',
      };
}

async function tryPort(host: string, port: number): Promise<string | undefined> {
  const server = createServer();
  return await new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host, port }, () => server.close(() => resolve(undefined)));
  });
}

/** Ports that validators must reach, one per miner. */
export function neededPorts({ miners }: Pick<DoctorContext, 'miners'>): number[] {
  return [...new Set(miners.map(({ port }) => port).filter((port) => port > 0))];
}
