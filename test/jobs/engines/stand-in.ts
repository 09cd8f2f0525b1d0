/**
 * Stands in for docker and podman on the argument level: it takes exactly the options that those programs have of what
 * sv72 uses, refuses anything else as they do, runs "containers" as processes of this machine, and notes each command.
 * `stand-in.ts FOLDER docker|podman …arguments`; FOLDER/images.json has the images that there are.
 */
import { spawn } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { killProcessesWith } from '../../../src/processes/index.ts';

const [folder = '', program = '', verb = '', ...rest] = process.argv.slice(2);
const containers = join(folder, 'containers');
mkdirSync(containers, { recursive: true });
appendFileSync(join(folder, 'calls.jsonl'), `${JSON.stringify([program, verb, ...rest])}\n`);

/** Option → whether it takes a value, whether it may come again, and what the value looks like. */
interface Option {
  readonly value?: RegExp;
  readonly again?: boolean;
}
const name = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;
const size = /^\d+[bkmg]?$/;
const run: Record<string, Option> = {
  '--rm': {},
  '--name': { value: name },
  '--label': { value: /^[a-z0-9.]+=/, again: true },
  '--pull': { value: /^(always|missing|never)$/ },
  '--log-driver': { value: /^(none|json-file|k8s-file|local)$/ },
  '--stop-timeout': { value: /^\d+$/ },
  '--security-opt': { value: /^label=disable$/, again: true },
  '--user': { value: /^\d+:\d+$/ },
  '--network': { value: /^(none|host|bridge)$/ },
  '--memory': { value: size },
  '--shm-size': { value: size },
  '--cpus': { value: /^\d+(\.\d+)?$/ },
  '--mount': { value: /^type=bind,source=[^,]+,target=[^,]+(,readonly)?$/, again: true },
  '--env': { value: /^[A-Za-z_]\w*(=|$)/, again: true },
};
const OPTIONS: Record<string, Record<string, Option>> = {
  run: {
    ...run,
    ...(program === 'docker'
      ? { '--init': {}, '--gpus': { value: /^(all|"device=\d+(,\d+)*")$/ } }
      : {
          '--userns': { value: /^keep-id$/ },
          '--device': { value: /^nvidia\.com\/gpu=(all|\d+)$/, again: true },
        }),
  },
  info: { '--format': { value: /^\{\{json \.\}\}$/ } },
  pull: {},
  build: {
    '--build-arg': { value: /^\w+=./, again: true },
    '--tag': { value: /^localhost\/[a-z0-9-]+:[0-9a-f]{16}$/ },
  },
  kill: { '--signal': { value: /^(TERM|KILL)$/ } },
  stop: { '--time': { value: /^\d+$/ } },
  rm: { '--force': {} },
  ps: { '--all': {}, '--filter': { value: /^label=/ }, '--format': { value: /^\{\{\.Names\}\}$/ } },
  wait: {},
  attach: { '--no-stdin': {}, '--sig-proxy=false': {} },
};

/** By which the processes of a container are known: they all end with its first one. */
const BOX = 'STAND_IN_BOX';

function fail(message: string, exit = 125): never {
  process.stderr.write(`Error: ${message}\n`);
  process.exit(exit);
}

function parse(words: readonly string[], options: Record<string, Option>) {
  const given = new Map<string, string[]>();
  let at = 0;
  for (; words[at]?.startsWith('-'); at++) {
    const flag = words[at] ?? '';
    const option = options[flag];
    if (option === undefined) fail(`unknown flag: ${flag}`);
    if (given.has(flag) && option.again !== true) fail(`${flag} twice`);
    let value = '';
    if (option.value !== undefined) {
      at++;
      value = words[at] ?? fail(`flag needs an argument: ${flag}`);
      if (!option.value.test(value)) fail(`invalid argument "${value}" for ${flag}`);
    }
    given.set(flag, [...(given.get(flag) ?? []), value]);
  }
  return { given, positional: words.slice(at) };
}

const images = (): string[] => JSON.parse(readFileSync(join(folder, 'images.json'), 'utf8'));
const addImage = (image: string): void =>
  writeFileSync(join(folder, 'images.json'), JSON.stringify([...images(), image]));

const INFO = {
  docker: { DockerRootDir: folder, SecurityOptions: ['name=seccomp,profile=builtin'] },
  podman: {
    host: { serviceIsRemote: false, security: { rootless: existsSync(join(folder, 'rootless')) } },
    store: { graphRoot: folder },
  },
};

function runContainer(words: readonly string[]): void {
  const { given, positional } = parse(words, OPTIONS.run ?? {});
  const [image = '', ...command] = positional;
  const box = given.get('--name')?.[0] ?? fail('sv72 names its containers');
  if (!images().includes(image)) fail(`${image}: image not known`);
  if (existsSync(join(containers, box))) fail(`the container name "${box}" is already in use`);
  const mounts = (given.get('--mount') ?? []).map((mount) => {
    const [, source = '', target = ''] = /source=([^,]+),target=([^,]+)/.exec(mount) ?? [];
    if (!isAbsolute(source) || !existsSync(source)) fail(`statfs ${source}: no such file or directory`);
    return { source, target };
  });
  // A container has nothing of this machine's environment, and its mounts at places of its own.
  const inside = (text: string): string =>
    mounts.reduce((now, { source, target }) => now.replaceAll(target, source), text);
  const env: Record<string, string> = { PATH: process.env.PATH ?? '', [BOX]: box };
  for (const word of given.get('--env') ?? []) {
    const at = word.indexOf('=');
    if (at === -1) env[word] = process.env[word] ?? '';
    else env[word.slice(0, at)] = inside(word.slice(at + 1));
  }
  const [file = '', ...args] = command.map(inside);
  const child = spawn(file === 'python' ? 'python3' : file, args, {
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  });
  writeFileSync(
    join(containers, box),
    JSON.stringify({ pid: child.pid, labels: given.get('--label') ?? [] }),
  );
  child.on('exit', (code, signal) => {
    killProcessesWith(BOX, box);
    const status = signal === 'SIGKILL' ? 137 : signal === 'SIGTERM' ? 143 : (code ?? 1);
    writeFileSync(join(folder, `exit-${box}`), String(status));
    rmSync(join(containers, box), { force: true });
    process.exit(status);
  });
}

interface Box {
  readonly pid: number;
  readonly labels: readonly string[];
}

function box(called: string | undefined): Box {
  const path = join(containers, called ?? '');
  if (called === undefined || !existsSync(path)) fail(`no such container: ${called}`, 1);
  return JSON.parse(readFileSync(path, 'utf8'));
}

function end(called: string | undefined, signal: NodeJS.Signals): void {
  try {
    process.kill(-box(called).pid, signal);
  } catch {
    // It has ended by itself.
  }
}

if (verb === 'run') runContainer(rest);
else if (verb === 'image') {
  const [what, format, , image = ''] = rest;
  if (what !== 'inspect' || format !== '--format') fail('unknown command');
  if (!images().includes(image)) fail(`${image}: image not known`, 1);
  process.stdout.write('sha256:0\n');
} else {
  const options = OPTIONS[verb] ?? fail(`unknown command ${verb}`);
  const { given, positional } = parse(rest, options);
  const [first] = positional;
  if (verb === 'info') {
    if (existsSync(join(folder, 'down'))) fail('Cannot connect to the daemon. Is it running?', 1);
    process.stdout.write(`${JSON.stringify(INFO[program === 'docker' ? 'docker' : 'podman'])}\n`);
  } else if (verb === 'pull') {
    if (first?.includes('missing')) fail('manifest unknown', 1);
    process.stdout.write('Copying blob 1\nCopying blob 2\n');
    addImage(first ?? '');
  } else if (verb === 'build') {
    if (!existsSync(join(first ?? '', 'Dockerfile'))) fail('no Dockerfile', 1);
    addImage(given.get('--tag')?.[0] ?? '');
  } else if (verb === 'kill') end(first, given.get('--signal')?.[0] === 'KILL' ? 'SIGKILL' : 'SIGTERM');
  else if (verb === 'stop') end(first, 'SIGTERM');
  else if (verb === 'rm') {
    end(first, 'SIGKILL');
    rmSync(join(containers, first ?? ''), { force: true });
  } else if (verb === 'ps') {
    const label = given.get('--filter')?.[0]?.slice('label='.length) ?? '';
    const found = readdirSync(containers).filter((called) => box(called).labels.includes(label));
    process.stdout.write(found.map((called) => `${called}\n`).join(''));
  } else if (verb === 'attach' || verb === 'wait') {
    box(first);
    const looking = setInterval(() => {
      if (existsSync(join(containers, first ?? ''))) return;
      clearInterval(looking);
      const status = readFileSync(join(folder, `exit-${first}`), 'utf8');
      // As podman 4 does with a container that is removed at its end.
      if (verb === 'attach') process.exit(0);
      process.stdout.write(`${status}\n`, () => process.exit());
    }, 20);
  } else fail(`not done by the stand-in: ${verb}`);
}
