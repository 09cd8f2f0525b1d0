import { execa } from 'execa';
import { Sv72Error } from '../../errors/index.ts';

/** One of the two systemds of a machine: the system's, and that of a user. */
export interface Systemctl {
  /** Whether it runs and can be asked. */
  reachable(): Promise<boolean>;
  /** @throws Sv72Error ERR_SERVICE_MANAGER with what it said */
  order(...args: readonly string[]): Promise<void>;
  /** ActiveState of a unit; undefined: it cannot be asked. */
  active(unit: string): Promise<string | undefined>;
}

const TIMEOUT_MS = 60_000;

export function systemctl(
  scope: 'user' | 'system',
  env: Readonly<Record<string, string | undefined>>,
): Systemctl {
  const run = (args: readonly string[]) =>
    execa('systemctl', [...(scope === 'user' ? ['--user'] : []), ...args], {
      env: { ...env, LC_ALL: 'C' },
      extendEnv: false,
      reject: false,
      stdin: 'ignore',
      timeout: TIMEOUT_MS,
    });
  return {
    reachable: async () => !(await run(['show-environment'])).failed,
    async order(...args) {
      const { failed, stderr, shortMessage } = await run(args);
      if (!failed) return;
      const said = stderr.trim().split('\n').at(-1)?.trim() || shortMessage || 'no reason given';
      throw new Sv72Error('ERR_SERVICE_MANAGER', `systemd refused ${args.join(' ')}: ${said}`);
    },
    async active(unit) {
      const { failed, stdout } = await run(['show', '--property=ActiveState', '--value', unit]);
      return failed ? undefined : stdout.trim() || undefined;
    },
  };
}
