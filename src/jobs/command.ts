import { join, posix } from 'node:path';
import type { CommandWord, JobSpec, Mount } from './types.ts';

/** Where a mount is for the job. */
export type Place = (mount: Mount, path: string | undefined) => string;

/** On this machine. */
export const hostPlace: Place = ({ host }, path) => (path === undefined ? host : join(host, path));

/** In a container. */
export const containerPlace: Place = ({ name }, path) =>
  path === undefined ? mountPoint(name) : posix.join(mountPoint(name), path);

/** The command as a process of this machine. @param python what `python` means */
export function localCommand(spec: JobSpec, python: string): string[] {
  const [program = '', ...rest] = words(spec, hostPlace);
  return [program === 'python' ? python : program, ...rest];
}

/** The command as it runs in a container. */
export function containerCommand(spec: JobSpec): string[] {
  return words(spec, containerPlace);
}

/** Where a mount is in a container. */
export function mountPoint(name: string): string {
  return `/job/${name}`;
}

/** A word as the job sees it. */
export function placed(spec: JobSpec, word: CommandWord, place: Place): string {
  if (typeof word === 'string') return word;
  const mount = spec.mounts.find(({ name }) => name === word.mount);
  if (mount === undefined) throw new TypeError(`the job ${spec.kind} has no mount ${word.mount}`);
  return place(mount, word.path);
}

function words(spec: JobSpec, place: Place): string[] {
  return spec.command.map((word) => placed(spec, word, place));
}
