#!/usr/bin/env node
// Named imports that an old Node lacks would end it before it can say that it is too old.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as module from 'node:module';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(import.meta.url);
const root = dirname(dirname(script));
const args = process.argv.slice(2);
const [major, minor] = process.versions.node.split('.').map(Number);

// V8 sizes its heap by the memory of the machine, which costs a process that runs for months 100 MB for nothing.
// --optimize-for-size lets the heap grow only as far as what is alive asks for; without Maglev, the compiler between the
// first and the last, 20 MB less are taken by its work in the first seconds, which malloc never gives back.
const SMALL_HEAP = [
  '--max-semi-space-size=2',
  '--max-old-space-size=512',
  '--optimize-for-size',
  '--no-maglev',
];
// glibc keeps in each arena what was freed below something that stays.
const SMALL_MALLOC = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '1048576',
  MALLOC_TRIM_THRESHOLD_: '1048576',
};

if (major < 24 || (major === 24 && minor < 7)) {
  // A clone has the right Node among its development dependencies.
  const node = `${root}/node_modules/node/bin/node`;
  if (existsSync(node)) {
    process.exitCode = await runWith(node);
  } else {
    process.stderr.write(
      `Error: sv72 needs Node.js 24.7 or newer, and this is ${process.versions.node}.\nInstall the current LTS release of Node.js and run the command again.\n`,
    );
    process.exitCode = 2;
  }
} else {
  await runHere();
}

/** Runs the command in another Node, as if it ran here: with the descriptors that its flags name, and the signals that come. */
async function runWith(node) {
  const named = args.join(' ').matchAll(/-fd[ =](\d{1,3})(?!\S)/g);
  const stdio = Array(1 + Math.max(2, ...Array.from(named, ([, fd]) => Number(fd)))).fill('inherit');
  const child = spawn(node, [script, ...args], { stdio });
  // Ctrl-C in a terminal comes to both.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return await new Promise((resolve) => {
    child.on('error', () => resolve(1));
    child.on('exit', (code, signal) => {
      if (signal === null) return resolve(code);
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    });
  });
}

async function runHere() {
  // Libraries ask for these already when they are loaded, and fail where a container's user is a number without an account.
  const { homedir, shell } = account();
  process.env.HOME ||= homedir;
  process.env.SHELL ??= shell ?? '';
  if (args[0] === 'serve' && process.platform !== 'win32' && !process.execArgv.includes(SMALL_HEAP[0])) {
    // The same process goes on, with the same id, under other settings of V8 and malloc.
    process.execve(
      process.execPath,
      [process.execPath, ...process.execArgv, ...SMALL_HEAP, script, ...args],
      {
        ...SMALL_MALLOC,
        ...process.env,
      },
    );
  }
  module.enableCompileCache?.();
  const { main } = await import('../dist/src/ui/main.js');
  main(args, root);
}

function account() {
  try {
    return userInfo();
  } catch {
    // As container engines set it for such a user. Not the folder for temporary files: keys have no place where all can write.
    return { homedir: '/', shell: '/bin/sh' };
  }
}
