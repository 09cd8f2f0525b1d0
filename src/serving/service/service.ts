import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readIfThere, writeWhole } from '../../config/index.ts';
import { Sv72Error } from '../../errors/index.ts';
import { ecosystem } from '../render/pm2.ts';
import type { Systemctl } from './systemctl.ts';
import { enginesName, enginesUnit, type ServiceSpec, serveApp, serveUnit, unitFolder } from './units.ts';

const UNIT = /^sv72-(serve|engines)[\w.-]*\.service$/;
const APP = /^sv72-serve[\w.-]*\.config\.cjs$/;
const MARK = 'Written by `sv72 service install`';

/** Where services of this machine are kept. */
export interface ServicePlaces {
  /** XDG_CONFIG_HOME of the user. */
  readonly configHome: string;
  /** Of the machine's own units; `/`. */
  readonly root?: string;
}

export interface InstallOptions extends ServicePlaces {
  readonly spec: ServiceSpec;
  readonly manager: 'systemd' | 'pm2';
  /** Only write the files, to this folder. */
  readonly output: string | null;
  readonly systemctl: Systemctl;
}

export interface InstalledService {
  readonly files: readonly string[];
  /** Of an earlier installation of that name, which this one has no use for. */
  readonly removed: readonly string[];
  /** Whether it runs now and after the next start of the machine. */
  readonly enabled: boolean;
  /** Commands to run then. */
  readonly next: readonly string[];
}

/** What a manager is given, by file name. */
function serviceFiles(spec: ServiceSpec, manager: 'systemd' | 'pm2'): Map<string, string> {
  if (manager === 'pm2') {
    return new Map([[pm2Name(spec.name), ecosystem('sv72 service install', [serveApp(spec)])]]);
  }
  return new Map([
    ...(spec.engines.length > 0 ? [[`${enginesName(spec)}.service`, enginesUnit(spec)] as const] : []),
    [`${spec.name}.service`, serveUnit(spec)],
  ]);
}

const pm2Name = (name: string): string => `${name}.config.cjs`;

/**
 * Writes the files of a service and, with systemd, has it started now and whenever the machine starts. The inference
 * servers of an earlier installation are stopped and their unit removed where this one starts none.
 *
 * @throws Sv72Error ERR_SERVICE_NO_MANAGER, ERR_SERVICE_MANAGER, ERR_SERVICE_TEXT, ERR_FILE_WRITE
 */
export async function installService(options: InstallOptions): Promise<InstalledService> {
  const { spec, manager, output, systemctl, configHome, root } = options;
  const texts = serviceFiles(spec, manager);
  const direct = manager === 'systemd' && output === null;
  if (direct && !(await systemctl.reachable())) {
    throw new Sv72Error(
      'ERR_SERVICE_NO_MANAGER',
      spec.scope === 'user'
        ? 'The systemd of this user cannot be asked here.'
        : 'The systemd of this machine cannot be asked here.',
    );
  }
  const folder =
    output ?? (manager === 'pm2' ? join(configHome, 'sv72') : unitFolder(spec.scope, configHome, root));
  const files: string[] = [];
  for (const [name, text] of texts) {
    await writeWhole(join(folder, name), text);
    files.push(join(folder, name));
  }
  const names = [...texts.keys()];
  if (manager === 'pm2') {
    return {
      files,
      removed: [],
      enabled: false,
      next: [`pm2 start ${files[0] ?? ''}`, 'pm2 save', 'pm2 startup'],
    };
  }
  const user = spec.scope === 'user' ? ' --user' : '';
  const engines = `${enginesName(spec)}.service`;
  const left = texts.has(engines) ? [] : await markedFiles(folder, (name) => name === engines);
  const stale = left.map((name) => join(folder, name));
  if (!direct) {
    return {
      files,
      removed: [],
      enabled: false,
      next: [
        `systemctl${user} link ${files.join(' ')}`,
        `systemctl${user} enable --now ${names.join(' ')}`,
        // They may be linked, and systemd stops only what it still knows.
        ...stale.flatMap((file) => [`systemctl${user} disable --now ${engines}`, `rm ${file}`]),
      ],
    };
  }
  // systemd makes nothing that a unit may write to.
  for (const path of spec.writable) await mkdir(path, { recursive: true });
  await systemctl.order('daemon-reload');
  await systemctl.order('enable', ...names);
  await systemctl.order('restart', '--no-block', ...names);
  for (const file of stale) {
    await systemctl.order('disable', '--now', engines);
    await rm(file, { force: true });
    await systemctl.order('daemon-reload');
  }
  return { files, removed: stale, enabled: true, next: [] };
}

/** A service that is there. */
export interface FoundService {
  readonly name: string;
  readonly manager: 'systemd' | 'pm2';
  readonly scope: 'user' | 'system';
  readonly file: string;
  /** The command of sv72 that it runs, such as `serve --all`. */
  readonly runs: string;
  /** As systemd says it; `unknown`: it cannot be asked. */
  readonly active: string;
  readonly problems: readonly string[];
}

/** The services that `installService` made, by the mark in their files. */
export async function findServices(
  { configHome, root }: ServicePlaces,
  open: (scope: 'user' | 'system') => Systemctl,
): Promise<FoundService[]> {
  const found: FoundService[] = [];
  for (const scope of ['user', 'system'] as const) {
    const folder = unitFolder(scope, configHome, root);
    for (const file of await markedFiles(folder, (one) => UNIT.test(one))) {
      const name = file.replace(/\.service$/, '');
      const active = (await open(scope).active(`${name}.service`)) ?? 'unknown';
      const text = (await readIfThere(join(folder, file))) ?? '';
      found.push({
        name,
        manager: 'systemd',
        scope,
        file: join(folder, file),
        runs: runsOf(startWords(text)),
        active,
        problems: problemsOf(text),
      });
    }
  }
  const folder = join(configHome, 'sv72');
  for (const file of await markedFiles(folder, (one) => APP.test(one))) {
    found.push({
      name: file.replace(/\.config\.cjs$/, ''),
      manager: 'pm2',
      scope: 'user',
      file: join(folder, file),
      runs: runsOf(argsOf((await readIfThere(join(folder, file))) ?? '')),
      active: 'unknown',
      problems: [],
    });
  }
  return found;
}

/** An update of Node.js or of sv72 may have moved the programs. */
function problemsOf(unit: string): string[] {
  const words = startWords(unit);
  return words
    .slice(0, 2)
    .filter((program) => !existsSync(program))
    .map((program) => `${program} is gone: run \`sv72 service install\` again.`);
}

/** The words of what a unit starts first, from the program on. */
function startWords(unit: string): string[] {
  const start = /^ExecStart=(.*)$/m.exec(unit)?.[1] ?? '';
  const words = [...start.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map((match) =>
    (match[1] ?? match[2] ?? '').replace(/\\(.)/g, '$1').replaceAll('%%', '%').replaceAll('$$', '$'),
  );
  const env = /^-?\/usr\/bin\/env$/.test(words[0] ?? '');
  return env ? words.slice(words[1]?.startsWith('SV72_') ? 2 : 1) : words;
}

/** The words of an app of PM2, with a place for what runs it, as `startWords` has them. */
function argsOf(text: string): string[] {
  const list = /"args": (\[[^\]]*\])/.exec(text)?.[1];
  const words: unknown = list === undefined ? [] : JSON.parse(list);
  return ['', '', ...(Array.isArray(words) ? words.map(String) : [])];
}

/** Without the programs, and without where the settings are. */
function runsOf(words: readonly string[]): string {
  const command = words.slice(2);
  const config = command.indexOf('--config');
  return (config === -1 ? command : command.toSpliced(config, 2)).join(' ');
}

/** Stops and removes what `installService` made. @returns the files that are gone */
export async function uninstallServices(
  services: readonly FoundService[],
  open: (scope: 'user' | 'system') => Systemctl,
): Promise<string[]> {
  for (const { manager, scope, name, active } of services) {
    if (manager === 'systemd' && active !== 'unknown') {
      await open(scope).order('disable', '--now', `${name}.service`);
    }
  }
  for (const { file } of services) await rm(file, { force: true });
  for (const scope of new Set(
    services.filter(({ active }) => active !== 'unknown').map((one) => one.scope),
  )) {
    await open(scope).order('daemon-reload');
  }
  return services.map(({ file }) => file);
}

async function markedFiles(folder: string, isOne: (name: string) => boolean): Promise<string[]> {
  const names = await readdir(folder).catch((): string[] => []);
  const ours: string[] = [];
  for (const name of names.filter(isOne).sort()) {
    if ((await readIfThere(join(folder, name)))?.includes(MARK) === true) ours.push(name);
  }
  return ours;
}
