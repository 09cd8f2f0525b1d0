import { execa } from 'execa';
import { killProcessesWith, send } from '../../processes/index.ts';
import { JOB_VARIABLE } from '../job-environment.ts';
import type { Orders } from './orders.ts';

/** What is told to stop, and cleared away: the container, or the processes of a local job. */
export interface Target {
  /** Asks it to save and stop. @returns whether it was told */
  ask(): Promise<boolean>;
  /** @returns whether it was told */
  kill(): Promise<boolean>;
  /** Waits for the end. @returns the exit code of the container, where the engine tells it */
  exitCode(): Promise<number | undefined>;
  /** Ends whatever the job left. */
  clear(): Promise<void>;
}

/** @param pid the job's process, or the engine's program; it leads its process group */
export function targetOf(orders: Orders, pid: number): Target {
  if (orders.container === null) {
    const kill = async (): Promise<boolean> => {
      send(-pid, 'SIGKILL');
      // Loaders and workers may have sessions of their own.
      killProcessesWith(JOB_VARIABLE, orders.id);
      return true;
    };
    return {
      ask: async () => send(pid, 'SIGTERM'),
      kill,
      exitCode: async () => undefined,
      clear: async () => {
        await kill();
      },
    };
  }
  const { program, name } = orders.container;
  const engine = async (...args: string[]): Promise<boolean> => {
    const result = await execa(program, args, {
      env: orders.env,
      extendEnv: false,
      reject: false,
      stdio: 'ignore',
    });
    return !result.failed;
  };
  return {
    exitCode: async () => {
      const { failed, stdout } = await execa(program, ['wait', name], {
        env: orders.env,
        extendEnv: false,
        reject: false,
        stdin: 'ignore',
      });
      return !failed && /^\d{1,3}$/.test(stdout.trim()) ? Number(stdout) : undefined;
    },
    ask: () => engine('kill', '--signal', 'TERM', name),
    kill: () => engine('kill', '--signal', 'KILL', name),
    // Who ended the engine's program did not end the container.
    clear: async () => {
      await engine('rm', '--force', name);
    },
  };
}
