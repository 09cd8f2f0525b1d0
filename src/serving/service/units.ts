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
  readonly profile: string;
  /** What the miner writes to. */
  readonly writable: readonly string[];
  /** Key files that a miner never needs. */
  readonly coldkeys: readonly string[];
  /** Whether inference servers are to run before it. */
  readonly launches: boolean;
  readonly memoryMib: number;
  /** Whether the embedded engine may use a GPU. */
  readonly gpu: boolean;
  /** File with further variables, such as the place of a password. */
  readonly environmentFile: string;
}

/** Name of the unit that starts inference servers. */
export function enginesName({ name }: ServiceSpec): string {
  return name.replace(/^sv72-serve/, 'sv72-engines');
}

/** The miner. It may read what this user may, write only its own folders, and see no coldkey. */
export function serveUnit(spec: ServiceSpec): string {
  const { scope, launches } = spec;
  const engines = launches ? [`Wants=${enginesName(spec)}.service`] : [];
  const after = ['network-online.target', ...(launches ? [`${enginesName(spec)}.service`] : [])];
  return text([
    '# Written by `sv72 service install`.',
    '[Unit]',
    `Description=sv72 miner of StreetVision, profile ${unitText(spec.profile)}`,
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
    `WorkingDirectory=${unitText(spec.home)}`,
    `EnvironmentFile=-${unitText(spec.environmentFile)}`,
    `ExecStart=${words(spec, 'serve')}`,
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
    'TasksMax=512',
    'LimitNOFILE=65536',
    'UMask=0077',
    '',
    ...hardening(spec),
    '',
    '[Install]',
    `WantedBy=${scope === 'user' ? 'default.target' : 'multi-user.target'}`,
  ]);
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
    `Description=Inference servers of sv72, profile ${unitText(spec.profile)}`,
    'Wants=network-online.target',
    'After=network-online.target',
    '',
    '[Service]',
    'Type=oneshot',
    'RemainAfterExit=yes',
    ...(spec.scope === 'system' ? [`User=${unitText(spec.user)}`] : []),
    `WorkingDirectory=${unitText(spec.home)}`,
    `EnvironmentFile=-${unitText(spec.environmentFile)}`,
    `ExecStart=${words(spec, 'engine', 'up')}`,
    `ExecStop=${words(spec, 'engine', 'down')}`,
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

function words({ program, config }: ServiceSpec, ...command: string[]): string {
  return [...program, ...command, ...(config === null ? [] : ['--config', config])].map(unitWord).join(' ');
}

const text = (lines: readonly string[]): string => `${lines.join('\n')}\n`;

/** An app of PM2's ecosystem file, which is run as this user with the environment of `pm2`. */
export function serveApp({ name, program, config, home, memoryMib }: ServiceSpec): object {
  const [node = '', ...rest] = program;
  return {
    name,
    script: rest[0] ?? '',
    args: [...rest.slice(1), 'serve', ...(config === null ? [] : ['--config', config])],
    interpreter: node,
    cwd: home,
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
