import type { Person } from '../../jobs/index.ts';
import type { EngineKind } from '../arguments.ts';
import type { ContainerSpec } from '../types.ts';

export const RENDER_KINDS = ['compose', 'systemd', 'pm2', 'kubernetes'] as const;

/** Who runs the servers. */
export type RenderKind = (typeof RENDER_KINDS)[number];

export interface RenderedFile {
  /** Relative to the folder of the output. */
  readonly path: string;
  readonly text: string;
}

export interface RenderInput {
  readonly profile: string;
  readonly specs: readonly ContainerSpec[];
  /** Absolute. */
  readonly folder: string;
  readonly engine: EngineKind;
  readonly person: Person;
}

/** Where the model repository of a server lies in the folder of the output. */
export function modelsFolder(id: string): string {
  return `models/${id}`;
}

/** Asks a server whether it is ready, by what its image has. */
export function healthCommand({ python, port, ready }: ContainerSpec): string[] {
  const url = `http://127.0.0.1:${port.container}${ready}`;
  return [python, '-c', `import urllib.request as u; u.urlopen('${url}', timeout=5)`];
}
