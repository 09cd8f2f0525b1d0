import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readIfThere, writeWhole } from '../../config/index.ts';
import { Sv72Error } from '../../errors/index.ts';
import { type RunCommand, said } from './command.ts';

const NAME = 'sv72-refresh';

/** Text of the service unit. 10 and 20 are states, not failures. */
export function serviceUnit(script: string): string {
  return `# Written by \`sv72 refresh install\`.
[Unit]
Description=Say what is due of the models of sv72

[Service]
Type=oneshot
ExecStart=/bin/sh ${unitWord(script)}
SuccessExitStatus=10 20
TimeoutStartSec=15min
Nice=10
`;
}

/** Text of the timer unit: every hour, and soon after a time at which the machine was off. */
export function timerUnit(minute: number): string {
  return `# Written by \`sv72 refresh install\`.
[Unit]
Description=Say what is due of the models of sv72, every hour

[Timer]
OnCalendar=*-*-* *:${String(minute).padStart(2, '0')}:00
Persistent=true
RandomizedDelaySec=60

[Install]
WantedBy=timers.target
`;
}

/** A word of a unit file: quoted, and neither a specifier nor a variable. */
function unitWord(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%').replaceAll('$', '$$$$')}"`;
}

/** The user's own systemd. */
export interface Systemd {
  readonly files: { readonly service: string; readonly timer: string };
  /** Whether it runs and can be asked. */
  reachable(): Promise<boolean>;
  isInstalled(): Promise<boolean>;
  /** Whether the timer runs. */
  isActive(): Promise<boolean>;
  /** Whether it goes on while the user is not logged in; undefined where that is not known. */
  lingers(): Promise<boolean | undefined>;
  /** Leaves nothing behind where it is refused. @throws ERR_REFRESH_SCHEDULER, ERR_FILE_WRITE */
  install(script: string, minute: number): Promise<void>;
  /** Also where systemd cannot be reached: then it finds nothing at its next start. */
  uninstall(): Promise<void>;
}

/** @param configFolder XDG_CONFIG_HOME of the user */
export function openSystemd(configFolder: string, user: string, run: RunCommand): Systemd {
  const folder = join(configFolder, 'systemd', 'user');
  const files = { service: join(folder, `${NAME}.service`), timer: join(folder, `${NAME}.timer`) };
  const order = async (...args: string[]) => {
    const ended = await run('systemctl', ['--user', ...args]);
    if (ended.code !== 0)
      throw new Sv72Error('ERR_REFRESH_SCHEDULER', `systemd refused ${args.join(' ')}: ${said(ended)}.`);
  };
  const uninstall = async () => {
    await run('systemctl', ['--user', 'disable', '--now', `${NAME}.timer`]);
    const link = join(folder, 'timers.target.wants', `${NAME}.timer`);
    for (const file of [link, files.timer, files.service]) await rm(file, { force: true });
    await run('systemctl', ['--user', 'daemon-reload']);
  };
  return {
    files,
    reachable: async () => (await run('systemctl', ['--user', 'show-environment'])).code === 0,
    isActive: async () => (await run('systemctl', ['--user', 'is-active', `${NAME}.timer`])).code === 0,
    isInstalled: async () => (await readIfThere(files.timer)) !== undefined,
    async lingers() {
      const { code, stdout } = await run('loginctl', ['show-user', user, '--property=Linger', '--value']);
      return code === 0 ? stdout.toString('utf8').trim() === 'yes' : undefined;
    },
    async install(script, minute) {
      try {
        await writeWhole(files.service, serviceUnit(script));
        await writeWhole(files.timer, timerUnit(minute));
        await order('daemon-reload');
        await order('enable', '--now', `${NAME}.timer`);
      } catch (error) {
        await uninstall();
        throw error;
      }
    },
    uninstall,
  };
}
