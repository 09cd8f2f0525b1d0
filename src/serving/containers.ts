import { execa } from 'execa';
import { type Engine, removeContainer, runProgram } from '../jobs/index.ts';
import { LABELS } from './arguments.ts';

/** How the container of a server is. */
export interface ContainerState {
  readonly name: string;
  /** As the engine calls it: created, running, exited, … */
  readonly state: string;
  readonly running: boolean;
  readonly exitCode: number | null;
  /** Killed because the machine, or its own limit, had no more memory. */
  readonly outOfMemory: boolean;
  /** How often it ended by itself and was started again. */
  readonly restarts: number;
  readonly image: string;
  /** Of the settings that it was started with; null: it is no server of sv72. */
  readonly hash: string | null;
  readonly gpu: number | null;
  /** ISO 8601; null: never. */
  readonly startedAt: string | null;
}

/** The container of that name; undefined: there is none. */
export async function inspectContainer(engine: Engine, name: string): Promise<ContainerState | undefined> {
  const result = await execa(engine.program, ['container', 'inspect', '--format', '{{json .}}', name], {
    env: engine.env,
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    timeout: 30_000,
  });
  if (result.failed) return undefined;
  return parseState(name, result.stdout);
}

/** Reads what docker and podman say of a container. */
export function parseState(name: string, text: string): ContainerState | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
    // podman 4 lists the one.
    if (Array.isArray(value)) value = value[0];
  } catch {
    return undefined;
  }
  const state = field(value, 'State');
  const status = field(state, 'Status');
  if (typeof status !== 'string') return undefined;
  const labels = field(field(value, 'Config'), 'Labels');
  const hash = field(labels, LABELS.hash);
  const gpu = Number(field(labels, LABELS.gpu) ?? 'none');
  const exitCode = field(state, 'ExitCode');
  const restarts = field(value, 'RestartCount');
  const image = field(field(value, 'Config'), 'Image');
  const started = field(state, 'StartedAt');
  const running = status === 'running' || status === 'restarting';
  return {
    name,
    state: status,
    running,
    exitCode: !running && typeof exitCode === 'number' ? exitCode : null,
    outOfMemory: field(state, 'OOMKilled') === true,
    restarts: typeof restarts === 'number' ? restarts : 0,
    image: typeof image === 'string' ? image : '',
    hash: typeof hash === 'string' ? hash : null,
    gpu: Number.isInteger(gpu) ? gpu : null,
    // The beginning of time stands for never.
    startedAt: typeof started === 'string' && !started.startsWith('0001') ? started : null,
  };
}

/** The last lines that a container said. */
export async function lastLines(engine: Engine, name: string, count: number): Promise<string[]> {
  const lines: string[] = [];
  await runProgram([engine.program, 'logs', '--tail', String(count), name], {
    env: engine.env,
    onLine: (line) => lines.push(line),
  });
  return lines;
}

/** What a container says from now on, until it ends or the signal comes. */
export async function followLines(
  engine: Engine,
  name: string,
  tail: number,
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  await runProgram([engine.program, 'logs', '--follow', '--tail', String(tail), name], {
    env: engine.env,
    onLine,
    signal,
  });
}

/** Stops a container, waits, and removes it. @returns whether it is gone */
export async function endContainer(engine: Engine, name: string, graceMs = 20_000): Promise<boolean> {
  return await removeContainer(engine.program, name, graceMs, engine.env);
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
