import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { Sv72Error } from '../../errors/index.ts';
import { cut } from '../message.ts';
import type { Channel } from '../remind.ts';

const run = promisify(execFile);

export interface DesktopOptions {
  readonly platform?: NodeJS.Platform;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly uid?: number | undefined;
}

/** A note on the desktop, by notify-send or osascript. The texts are arguments, never part of a script. */
export function desktop(options: DesktopOptions = {}): Channel {
  const { platform = process.platform, env = process.env, uid = process.getuid?.() } = options;
  return {
    name: 'desktop',
    async send({ title, text, level }) {
      const short = cut(text, 400);
      const [command, ...args] =
        platform === 'darwin'
          ? ['osascript', '-e', SCRIPT, short, title]
          : [
              'notify-send',
              '--app-name=sv72',
              `--urgency=${level === 'overdue' ? 'critical' : 'normal'}`,
              '--',
              title,
              short,
            ];
      try {
        await run(command ?? '', args, { env: { ...env, ...busOf(env, uid) }, timeout: 10_000 });
      } catch (cause) {
        const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
        const why = missing ? `${command} is not installed` : 'there may be no desktop here';
        throw new Sv72Error('ERR_REFRESH_SEND', `The desktop shows no note (${why}).`, { cause });
      }
    },
  };
}

const SCRIPT = 'on run argv\ndisplay notification (item 1 of argv) with title (item 2 of argv)\nend run';

/** cron does not say where the session's bus is. */
function busOf(
  env: Readonly<Record<string, string | undefined>>,
  uid: number | undefined,
): Record<string, string> {
  const path = `/run/user/${uid}/bus`;
  return env.DBUS_SESSION_BUS_ADDRESS === undefined && uid !== undefined && existsSync(path)
    ? { DBUS_SESSION_BUS_ADDRESS: `unix:path=${path}` }
    : {};
}
