import { join } from 'node:path';
import { runCommand } from '../arguments.ts';
import type { ContainerSpec } from '../types.ts';
import { unitText, unitWord } from '../words.ts';
import { modelsFolder, type RenderedFile, type RenderInput } from './types.ts';

/** A unit for each server; the container engine runs in the foreground, so that systemd sees it end. */
export function renderSystemd(input: RenderInput): RenderedFile[] {
  return input.specs.map((spec) => ({ path: `${spec.name}.service`, text: unit(spec, input) }));
}

function unit(spec: ContainerSpec, { folder, engine, person }: RenderInput): string {
  const words = (...text: string[]): string => text.map(unitWord).join(' ');
  const run = runCommand(withModels(spec, folder), engine, person, 'foreground');
  return `${[
    '# Written by `sv72 engine render --for systemd`.',
    '[Unit]',
    `Description=Inference server ${unitText(spec.id)} of sv72 (${unitText(spec.image)})`,
    'Wants=network-online.target',
    'After=network-online.target',
    'StartLimitIntervalSec=600',
    'StartLimitBurst=10',
    '',
    '[Service]',
    'Type=exec',
    ...(spec.secrets.length > 0
      ? [
          `# Holds ${spec.secrets.join(', ')}; readable by this user only.`,
          'EnvironmentFile=-%E/sv72/engine.env',
        ]
      : []),
    `ExecStartPre=-${words(engine.program, 'rm', '--force', spec.name)}`,
    `ExecStart=${words(...run)}`,
    `ExecStop=-${words(engine.program, 'stop', '--time', '20', spec.name)}`,
    'Restart=on-failure',
    'RestartSec=10',
    'TimeoutStopSec=40',
    // podman keeps its containers in control groups of its own.
    'KillMode=mixed',
    'Delegate=yes',
    'PrivateTmp=no',
    'LockPersonality=yes',
    'RestrictRealtime=yes',
    '',
    '[Install]',
    'WantedBy=default.target',
  ].join('\n')}\n`;
}

/** With the model repository of the output. */
export function withModels(spec: ContainerSpec, folder: string): ContainerSpec {
  return {
    ...spec,
    mounts: spec.mounts.map((mount) =>
      mount.what === 'models' ? { ...mount, host: join(folder, modelsFolder(spec.id)) } : mount,
    ),
  };
}
