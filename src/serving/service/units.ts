import { join } from 'node:path';
import { unitText, unitWord } from '../words.ts';

/** What a service of `sv72 serve` is made of; all paths absolute. */
export interface ServiceSpec {
  /** sv72-serve, or sv72-serve-NAME. */
  readonly name: string;
  readonly scope: 'user' | 'system';
  /** Whom a system service runs as. */
  readonly user: string;
  readonly home: string;
  /** Node.js and sv72's program. */
  readonly program: readonly string[];
  /** null: the usual place. */
  readonly config: string | null;
  /** The command of sv72 that runs the miners. */
  readonly command: readonly string[];
  /** What it runs, in words. */
  readonly about: string;
  /** Folder that relative paths of the settings count from. */
  readonly folder: string;
  /** What the miner writes to. */
  readonly writable: readonly string[];
  /** Key files that a miner never needs. */
  readonly coldkeys: readonly string[];
  /** Whose inference servers are to run before it. */
  readonly engines: readonly ServiceEngines[];
  readonly memoryMib: number;
  /** Models that are loaded at the same time, at least 1. */
  readonly models: number;
  /** Most open files. */
  readonly files: number;
  /** Whether the embedded engine may use a GPU. */
  readonly gpu: boolean;
  /** File with further variables, such as the place of a password. */
  readonly environmentFile: string;
}

/** A profile whose inference servers are started. */
export interface ServiceEngines {
  readonly profile: string;
  /** Bundle in place of the profile's, absolute; null: the profile's. */
  readonly bundle: string | null;
}

/** Name of the unit that starts inference servers. */
export function enginesName({ name }: ServiceSpec): string {
  return name.replace(/^sv72-serve/, 'sv72-engines');
}

/** The miner. It may read what this user may, write only its own folders, and see no coldkey. */
export function serveUnit(spec: ServiceSpec): string {
  const { scope } = spec;
  const launches = spec.engines.length > 0;
  const engines = launches ? [`Wants=${enginesName(spec)}.service`] : [];
  const after = ['network-online.target', ...(launches ? [`${enginesName(spec)}.service`] : [])];
  return text([
    '# Written by `sv72 service install`.',
    '[Unit]',
    `Description=sv72 miner of StreetVision: ${unitText(spec.about)}`,
    'Wants=network-online.target',
    ...engines,
    `After=${after.join(' ')}`,
    // It may fail for an hour of network trouble, but not spin for ever.
    'StartLimitIntervalSec=3600',
    'StartLimitBurst=60',
    '',
    '[Service]',
    'Type=exec',
    ...(scope === 'system' ? [`User=${unitText(spec.user)}`] : []),
    `WorkingDirectory=${unitText(spec.folder)}`,
    `EnvironmentFile=-${unitText(spec.environmentFile)}`,
    ...ordersFolder(spec),
    `ExecStart=${words(spec, spec.command)}`,
    'ExecReload=/bin/kill -HUP $MAINPID',
    'Restart=on-failure',
    'RestartSec=10',
    // A wrong command line does not get right by itself.
    'RestartPreventExitStatus=2',
    'TimeoutStopSec=45',
    'KillMode=mixed',
    // The engine is a process of its own, which the miner replaces when it is killed.
    'OOMPolicy=continue',
    `MemoryMax=${spec.memoryMib}M`,
    `TasksMax=${512 * spec.models}`,
    `LimitNOFILE=${spec.files}`,
    'UMask=0077',
    '',
    ...hardening(spec),
    '',
    '[Install]',
    `WantedBy=${scope === 'user' ? 'default.target' : 'multi-user.target'}`,
  ]);
}

/** Where `sv72 deploy` reaches the miner, which has a /tmp of its own and may write nowhere else. */
function ordersFolder({ scope, name }: ServiceSpec): string[] {
  const folder =
    scope === 'user'
      ? ['RuntimeDirectory=sv72']
      : [`RuntimeDirectory=${name}`, `Environment=XDG_RUNTIME_DIR=/run/${name}`];
  // That of a user is shared with miners that are no service.
  return [...folder, 'RuntimeDirectoryMode=0700', 'RuntimeDirectoryPreserve=yes'];
}

function hardening({ scope, writable, coldkeys, gpu }: ServiceSpec): string[] {
  return [
    'NoNewPrivileges=yes',
    'PrivateTmp=yes',
    'ProtectSystem=strict',
    'ProtectHome=read-only',
    `ReadWritePaths=${writable
      .map((path) => `-${path}`)
      .map(unitWord)
      .join(' ')}`,
    ...(coldkeys.length === 0
      ? []
      : [`InaccessiblePaths=${coldkeys.map((path) => unitWord(`-${path}`)).join(' ')}`]),
    'ProtectControlGroups=yes',
    'ProtectKernelTunables=yes',
    'LockPersonality=yes',
    'RestrictRealtime=yes',
    'RestrictSUIDSGID=yes',
    'RestrictNamespaces=yes',
    // Netlink: the interfaces of this machine are listed by it.
    'RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK',
    'SystemCallArchitectures=native',
    'SystemCallFilter=@system-service',
    // What drops capabilities works in a system service only.
    ...(scope === 'system'
      ? [
          'CapabilityBoundingSet=',
          'ProtectKernelModules=yes',
          'ProtectKernelLogs=yes',
          'ProtectClock=yes',
          'ProtectHostname=yes',
          ...(gpu ? [] : ['PrivateDevices=yes']),
        ]
      : []),
  ];
}

/**
 * What starts the inference servers before the miner. It may gain privileges: podman without root needs newuidmap, which
 * has some.
 */
export function enginesUnit(spec: ServiceSpec): string {
  return text([
    '# Written by `sv72 service install`.',
    '[Unit]',
    `Description=Inference servers of sv72, profile ${unitText([...new Set(spec.engines.map(({ profile }) => profile))].join(', '))}`,
    'Wants=network-online.target',
    'After=network-online.target',
    '',
    '[Service]',
    'Type=oneshot',
    'RemainAfterExit=yes',
    ...(spec.scope === 'system' ? [`User=${unitText(spec.user)}`] : []),
    `WorkingDirectory=${unitText(spec.folder)}`,
    `EnvironmentFile=-${unitText(spec.environmentFile)}`,
    ...spec.engines.map((engines) => `ExecStart=${engineWords(spec, engines, 'up')}`),
    ...spec.engines.map((engines) => `ExecStop=${engineWords(spec, engines, 'down')}`),
    // Images and weights may be many gigabytes.
    'TimeoutStartSec=infinity',
    'TimeoutStopSec=90',
    'LockPersonality=yes',
    'RestrictRealtime=yes',
    'UMask=0077',
    '',
    '[Install]',
    `WantedBy=${spec.scope === 'user' ? 'default.target' : 'multi-user.target'}`,
  ]);
}

function engineWords(spec: ServiceSpec, { profile, bundle }: ServiceEngines, what: 'up' | 'down'): string {
  const command = words(spec, ['engine', what, '--profile', profile]);
  const several = spec.engines.length > 1;
  if (bundle === null && !several) return command;
  const set = bundle === null ? [] : [unitWord(`SV72_BUNDLE=${bundle}`)];
  // One profile's servers that fail shall not keep those of the others from being started.
  return [several ? '-/usr/bin/env' : '/usr/bin/env', ...set, command].join(' ');
}

function words({ program, config }: ServiceSpec, command: readonly string[]): string {
  return [...program, ...command, ...(config === null ? [] : ['--config', config])].map(unitWord).join(' ');
}

const text = (lines: readonly string[]): string => `${lines.join('\n')}\n`;

/** An app of PM2's ecosystem file, which is run as this user with the environment of `pm2`. */
export function serveApp({ name, program, config, command, folder, memoryMib }: ServiceSpec): object {
  const [node = '', ...rest] = program;
  return {
    name,
    script: rest[0] ?? '',
    args: [...rest.slice(1), ...command, ...(config === null ? [] : ['--config', config])],
    interpreter: node,
    cwd: folder,
    autorestart: true,
    stop_exit_codes: [2],
    min_uptime: 30_000,
    exp_backoff_restart_delay: 1_000,
    max_memory_restart: `${memoryMib}M`,
    kill_timeout: 45_000,
  };
}

/** Where units are looked for. */
export function unitFolder(scope: 'user' | 'system', configHome: string, root = '/'): string {
  return scope === 'user' ? join(configHome, 'systemd', 'user') : join(root, 'etc', 'systemd', 'system');
}
