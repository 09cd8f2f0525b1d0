import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { processId } from '../../processes/index.ts';
import { Lines } from '../lines.ts';
import { JobFolder } from '../state/folder.ts';
import type { JobOutcome } from '../types.ts';
import { Account } from './account.ts';
import { KILL_SIGNAL, type Orders, STOP_SIGNAL } from './orders.ts';
import { type Target, targetOf } from './target.ts';

type Child = ChildProcessByStdio<null, Readable, Readable>;

/** How long what is left in the pipes is waited for after the job has ended. */
const DRAIN_MS = 3_000;
/** An engine needs a moment until it knows a container that it was just told to run. */
const AGAIN_MS = 200;
/** By convention: stopped as asked, can be resumed (EX_TEMPFAIL). */
const STOPPED = 75;

/**
 * Runs a job to its end.
 * @param onStarted called when its state can be read
 */
export async function watch(orders: Orders, onStarted: () => void): Promise<void> {
  const watcher = processId(process.pid);
  if (watcher === undefined) throw new Error('this process cannot be found');
  const account = new Account(new JobFolder(orders.stateDir, orders.id), watcher, orders.secrets);
  const [file = '', ...args] = orders.command;
  const child = spawn(file, args, {
    cwd: orders.cwd,
    env: orders.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    // Its own process group, so that the whole of it can be killed.
    detached: true,
  });
  const exited = exitOf(child, account);
  const read = readOf(child, account);
  const target = child.pid === undefined ? undefined : targetOf(orders, child.pid);
  const wish = passOnWishes(orders, target, account);
  account.started(child.pid === undefined ? undefined : processId(child.pid));
  onStarted();

  // Who attaches to a container that is removed at its end may not get to know how it ended; who waits for it does.
  const told = orders.adopted ? target?.exitCode() : undefined;
  const { exitCode: own, signal } = await exited;
  wish.over();
  const letGo = orders.adopted === true && own === 125;
  const exitCode = letGo ? own : ((await told) ?? own);
  if (!letGo) await target?.clear();
  await Promise.race([read.closed, wait(DRAIN_MS)]);
  read.end();
  account.ended({ at: Date.now(), outcome: outcomeOf(exitCode, signal, wish.asked), exitCode, signal });
}

interface Exit {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

function exitOf(child: Child, account: Account): Promise<Exit> {
  return new Promise((resolve) => {
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
    child.once('error', (error) => {
      account.logged(error.message);
      resolve({ exitCode: null, signal: null });
    });
  });
}

function readOf(child: Child, account: Account): { readonly closed: Promise<unknown>; end(): void } {
  const pairs = [
    { stream: child.stdout, lines: new Lines((line) => account.said(line)) },
    { stream: child.stderr, lines: new Lines((line) => account.logged(line)) },
  ];
  for (const { stream, lines } of pairs) stream.on('data', (chunk: Buffer) => lines.push(chunk));
  return {
    closed: Promise.all(pairs.map(({ stream }) => once(stream, 'close').catch(() => undefined))),
    end: () => {
      for (const { lines } of pairs) lines.end();
    },
  };
}

/** The first wish asks the job to stop; when it takes too long, or is told so, it is killed. */
function passOnWishes(orders: Orders, target: Target | undefined, account: Account) {
  let asked = false;
  let over = false;
  let grace: NodeJS.Timeout | undefined;
  const until = async (tell: () => Promise<boolean>): Promise<void> => {
    while (!over && !(await tell())) await wait(AGAIN_MS);
  };
  const kill = (): void => {
    asked = true;
    if (target) void until(() => target.kill());
  };
  process.on(KILL_SIGNAL, kill);
  process.on(STOP_SIGNAL, () => {
    if (asked || over) return;
    asked = true;
    account.stopping();
    grace = setTimeout(kill, orders.stopGraceMs);
    if (target) void until(() => target.ask());
  });
  return {
    get asked(): boolean {
      return asked;
    },
    over(): void {
      over = true;
      clearTimeout(grace);
    },
  };
}

/** A job that was asked to stop may end by the signal itself, or be killed when it does not; an error is one anyway. */
function outcomeOf(exitCode: number | null, signal: string | null, asked: boolean): JobOutcome {
  if (exitCode === 0) return 'done';
  if (exitCode === STOPPED) return 'stopped';
  const bySignal = signal !== null || exitCode === 130 || exitCode === 137 || exitCode === 143;
  return asked && bySignal ? 'stopped' : 'failed';
}
