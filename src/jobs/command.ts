import { join, posix } from 'node:path';
import type { JobSpec } from './types.ts';

/** The command with its mounts as folders of this machine. @throws ERR_BUG-like Error for a mount that is not there */
export function localCommand(spec: JobSpec, python: string): string[] {
  const [program = '', ...rest] = words(spec, (host, path) => (path === undefined ? host : join(host, path)));
  return [program === 'python' ? python : program, ...rest];
}

/** The command with its mounts as folders of the container. */
export function containerCommand(spec: JobSpec): string[] {
  return words(spec, (_host, path, name) =>
    path === undefined ? mountPoint(name) : posix.join(mountPoint(name), path),
  );
}

/** Where a mount is in a container. */
export function mountPoint(name: string): string {
  return `/job/${name}`;
}

function words(
  spec: JobSpec,
  place: (host: string, path: string | undefined, name: string) => string,
): string[] {
  return spec.command.map((word) => {
    if (typeof word === 'string') return word;
    const mount = spec.mounts.find(({ name }) => name === word.mount);
    if (mount === undefined) throw new TypeError(`the job ${spec.kind} has no mount ${word.mount}`);
    return place(mount.host, word.path, word.mount);
  });
}
