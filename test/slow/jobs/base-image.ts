import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

const DESCRIBE =
  'import json,sys,sysconfig;print(json.dumps([sys.executable,sysconfig.get_path("stdlib"),sysconfig.get_path("platstdlib")]))';
/** Of the standard library: what no job needs. */
const LEFT_OUT =
  /\/(site-packages|dist-packages|test|tests|idlelib|tkinter|ensurepip|lib2to3|turtledemo|__pycache__|config-[^/]*)$/;

/**
 * Makes a root file system of this machine's own Python, a shell, `ln` and `sleep`, with the libraries that they need:
 * a base image without any registry.
 * @returns the folder; the caller removes it
 */
export function rootFileSystem(): string {
  const root = mkdtempSync(join(tmpdir(), 'sv72-rootfs-'));
  for (const folder of ['tmp', 'etc', 'proc', 'sys', 'dev', 'usr/bin', 'usr/local/bin', 'opt']) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  const [python, ...libraries]: string[] = JSON.parse(
    execFileSync('python3', ['-I', '-c', DESCRIBE], { encoding: 'utf8' }),
  );
  if (python === undefined) throw new Error('no Python');
  const program = realpathSync(python);
  copy(root, program);
  symlinkSync(program, join(root, 'usr/bin/python3'));
  for (const library of new Set(libraries)) {
    cpSync(library, join(root, library), {
      recursive: true,
      filter: (path) => !LEFT_OUT.test(path),
    });
    const modules = join(library, 'lib-dynload');
    if (existsSync(modules)) {
      for (const file of readdirSync(modules).flatMap((name) => needs(join(modules, name)))) {
        put(root, file, file);
      }
    }
  }
  mkdirSync(join(root, 'bin'), { recursive: true });
  for (const name of ['sh', 'ln', 'sleep']) copy(root, `/bin/${name}`);
  return root;
}

/** Imports a root file system as an image and removes the folder. */
export function importImage(root: string, name: string, env: NodeJS.ProcessEnv): void {
  const archive = `${root}.tar`;
  try {
    execFileSync('tar', ['-C', root, '-cf', archive, '.']);
    execFileSync('podman', ['import', '--quiet', archive, name], {
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  } finally {
    rmSync(archive, { force: true });
    rmSync(root, { recursive: true, force: true });
  }
}

/** A program at its own place, with its libraries. */
function copy(root: string, program: string): void {
  put(root, realpathSync(program), program);
  for (const file of needs(program)) put(root, file, file);
}

/** Shared libraries of a program, the loader included. */
export function needs(program: string): string[] {
  const text = execFileSync('ldd', [program], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return [...text.matchAll(/(\/\S+) \(0x/g)].flatMap((match) => match[1] ?? []);
}

export function put(root: string, from: string, to: string): void {
  const target = join(root, to);
  if (existsSync(target)) return;
  mkdirSync(dirname(target), { recursive: true });
  cpSync(realpathSync(from), join(dirname(target), basename(to)));
}
