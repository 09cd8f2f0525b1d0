import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readIfThere, writeWhole } from '../../config/index.ts';
import { Sv72Error } from '../../errors/index.ts';
import { crontabLines, hasBlock, openCrontab, withBlock, withoutBlock } from './crontab.ts';
import { agentPlist, openLaunchd } from './launchd.ts';
import type { Machine } from './machine.ts';
import { type Launch, logPath, scriptPath, scriptText } from './script.ts';
import { openSystemd, timerUnit } from './systemd.ts';

export type SchedulerName = 'crontab' | 'systemd' | 'launchd';

const SCHEDULERS: readonly SchedulerName[] = ['systemd', 'crontab', 'launchd'];

/** One way to have something started at its time. */
interface Scheduler {
  isInstalled(): Promise<boolean>;
  install(): Promise<void>;
  uninstall(): Promise<void>;
  /** What is written, for people. */
  readonly content: string;
  /** What keeps it from working, a sentence each. */
  problems(): Promise<string[]>;
}

/** How a scheduled run stands. */
export interface Scheduled {
  readonly scheduler: SchedulerName;
  readonly installed: boolean;
  readonly script: string;
  readonly log: string;
  readonly problems: readonly string[];
}

/**
 * The scheduler to use here: launchd on a Mac, else the user's systemd, else a cron that runs.
 *
 * @throws ERR_REFRESH_NO_SCHEDULER
 */
export async function chooseScheduler(machine: Machine): Promise<SchedulerName> {
  if (machine.platform === 'darwin') return 'launchd';
  if (await systemdOf(machine).reachable()) return 'systemd';
  const cron = (await machine.run('crontab', ['-l'])).code !== null;
  if (cron && machine.cronRuns() !== false) return 'crontab';
  const where = machine.inContainer() ? ', which is a container,' : '';
  const why = cron
    ? 'there is a crontab, but no cron runs'
    : 'there is no crontab and no systemd of this user';
  throw new Sv72Error('ERR_REFRESH_NO_SCHEDULER', `Nothing on this machine${where} would start it: ${why}.`, {
    details: { container: machine.inContainer() },
  });
}

/**
 * Refuses to install for one user what belongs to another.
 *
 * @throws ERR_REFRESH_USER
 */
export function mustBeOwnUser({ uid, user, at, homeOwner }: Machine): void {
  const sudo = at.env.SUDO_USER;
  if (uid === 0 && sudo !== undefined && sudo !== '' && sudo !== 'root') {
    throw new Sv72Error(
      'ERR_REFRESH_USER',
      `This runs as ${user} by sudo, but the keys and settings are probably those of ${sudo}.`,
    );
  }
  if (homeOwner !== undefined && homeOwner !== uid) {
    throw new Sv72Error(
      'ERR_REFRESH_USER',
      `This runs as ${user}, but the home folder ${at.home} belongs to another user.`,
    );
  }
}

/**
 * Writes the script and has it started every hour; what was installed with another scheduler goes then. Where that is
 * refused, nothing of it stays, and what was installed before goes on.
 *
 * @throws ERR_REFRESH_NO_SCHEDULER, ERR_REFRESH_SCHEDULER, ERR_FILE_WRITE
 */
export async function install(machine: Machine, name: SchedulerName, launch: Launch): Promise<void> {
  mustBePossible(machine, name);
  const script = scriptPath(launch.folder);
  const before = await readIfThere(script);
  await writeWhole(script, scriptText(launch));
  try {
    await schedulerOf(machine, name, launch.folder).install();
  } catch (error) {
    if (before === undefined) await rm(script, { force: true });
    else await writeWhole(script, before);
    throw error;
  }
  for (const other of SCHEDULERS) {
    if (other === name || !mayBe(machine, other)) continue;
    const scheduler = schedulerOf(machine, other, launch.folder);
    if (await scheduler.isInstalled()) await scheduler.uninstall();
  }
}

function mustBePossible(machine: Machine, name: SchedulerName): void {
  if (mayBe(machine, name)) return;
  throw new Sv72Error('ERR_REFRESH_NO_SCHEDULER', `There is no ${name} on ${machine.platform}.`, {
    next: 'Leave out --scheduler, and one that is here is chosen.',
  });
}

/** What `install` would write. @throws ERR_REFRESH_NO_SCHEDULER */
export function installText(machine: Machine, name: SchedulerName, launch: Launch): string {
  mustBePossible(machine, name);
  const { content } = schedulerOf(machine, name, launch.folder);
  return `# ${scriptPath(launch.folder)}\n${scriptText(launch)}\n# ${name}\n${content}\n`;
}

/**
 * Takes away everything that `install` made, but the log.
 *
 * @returns where it was installed
 */
export async function uninstall(machine: Machine, folder: string): Promise<SchedulerName[]> {
  const removed: SchedulerName[] = [];
  for (const name of SCHEDULERS) {
    if (!mayBe(machine, name)) continue;
    const scheduler = schedulerOf(machine, name, folder);
    if (!(await scheduler.isInstalled())) continue;
    await scheduler.uninstall();
    removed.push(name);
  }
  await rm(scriptPath(folder), { force: true });
  return removed;
}

/** How it stands with each scheduler that this machine may have; one that has none at all is left out. */
export async function scheduled(machine: Machine, folder: string): Promise<Scheduled[]> {
  const found: Scheduled[] = [];
  const script = scriptPath(folder);
  for (const scheduler of SCHEDULERS) {
    if (!mayBe(machine, scheduler)) continue;
    const one = schedulerOf(machine, scheduler, folder);
    const installed = await one.isInstalled();
    if (!installed) continue;
    const problems = await one.problems();
    if (!existsSync(script)) problems.push(`${script} is gone: run \`sv72 refresh install\` again.`);
    found.push({ scheduler, installed, script, log: logPath(folder), problems });
  }
  return found;
}

/** What keeps an installed scheduler from working. */
export async function schedulerProblems(
  machine: Machine,
  name: SchedulerName,
  folder: string,
): Promise<string[]> {
  return await schedulerOf(machine, name, folder).problems();
}

function mayBe({ platform }: Machine, name: SchedulerName): boolean {
  return name === 'crontab' || (name === 'launchd') === (platform === 'darwin');
}

function systemdOf({ at, user, run }: Machine) {
  return openSystemd(at.env.XDG_CONFIG_HOME || join(at.home, '.config'), user, run);
}

function schedulerOf(machine: Machine, name: SchedulerName, folder: string): Scheduler {
  const script = scriptPath(folder);
  const minute = minuteOf(script, machine.user);
  if (name === 'systemd') {
    const systemd = systemdOf(machine);
    return {
      content: timerUnit(minute),
      isInstalled: systemd.isInstalled,
      install: async () => await systemd.install(script, minute),
      uninstall: systemd.uninstall,
      async problems() {
        if (!(await systemd.reachable()))
          return ['systemd of this user cannot be reached, so nothing is started.'];
        if (!(await systemd.isActive())) return ['Its timer does not run: run `sv72 refresh install` again.'];
        return (await systemd.lingers()) === false
          ? [`It runs only while ${machine.user} is logged in; \`loginctl enable-linger\` changes that.`]
          : [];
      },
    };
  }
  if (name === 'launchd') {
    const launchd = openLaunchd(machine.at.home, machine.uid, machine.run);
    return {
      content: agentPlist(script, minute),
      isInstalled: launchd.isInstalled,
      install: async () => await launchd.install(script, minute),
      uninstall: launchd.uninstall,
      problems: async () =>
        (await launchd.isActive())
          ? []
          : ['launchd has not loaded it: log in at the Mac, or run `sv72 refresh install` again.'],
    };
  }
  const crontab = openCrontab(machine.run);
  const lines = crontabLines(script, minute);
  return {
    content: lines,
    isInstalled: async () => {
      const there = (await machine.run('crontab', ['-l'])).code !== null;
      return there && hasBlock(await crontab.read());
    },
    async install() {
      const before = await crontab.read();
      const after = withBlock(before, lines);
      if (!after.equals(before)) await crontab.write(after);
    },
    async uninstall() {
      const before = await crontab.read();
      const after = withoutBlock(before);
      if (!after.equals(before)) await crontab.write(after);
    },
    problems: async () =>
      machine.cronRuns() === false ? ['No cron runs on this machine, so nothing is started.'] : [],
  };
}

/** Not everybody at the full hour, and the same one each time. */
function minuteOf(script: string, user: string): number {
  return (createHash('sha256').update(`${script} ${user}`).digest()[0] ?? 0) % 60;
}
