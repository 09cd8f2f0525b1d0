import { type ChildProcess, fork as spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Sv72Error } from '../../errors/index.ts';
import type { Installation } from './installation.ts';
import { type ForkRequest, isForkNews } from './messages.ts';

const STDERR_TAIL = 2000;
/** Until it has the runtime, some megabytes, and has compiled it. */
const START_MS = 180_000;
/** Of the environment only this: a password may stand in the rest. */
const PASSED_ON = ['SYSTEMROOT', 'NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR'];

export interface ForkOptions {
  readonly installation: Installation;
  readonly endpoint: string;
  readonly block: string;
  /** Longest wait for one answer of the endpoint, ms. */
  readonly timeoutMs: number;
  readonly onFetched?: (answers: number) => void;
  /** Ends the fork, also before it stands. */
  readonly signal?: AbortSignal;
  readonly env?: NodeJS.ProcessEnv;
  /** How long it may take to stand, ms; default 3 minutes. */
  readonly startMs?: number;
}

/** A chain of our own that goes on from a block of another, in a process of its own. */
export interface Fork {
  /** Where it listens. */
  readonly endpoint: string;
  /** Rejects with ERR_REHEARSE_FAILED when it ends before it is closed. */
  readonly broken: Promise<never>;
  close(): Promise<void>;
}

/** @throws ERR_REHEARSE_FAILED */
export async function openFork(options: ForkOptions): Promise<Fork> {
  const ending = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  const file = fileURLToPath(new URL(`child${ending}`, import.meta.url));
  const child = spawn(file, [], {
    // Chopsticks is silent but for what breaks it.
    env: { ...passedOn(options.env ?? process.env), LOG_LEVEL: 'fatal' },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const { ready, broken, fail } = listen(child, options.onFetched);
  // Who waits for neither any more must not be hit by them.
  broken.catch(() => {});
  const kill = () => void child.kill('SIGKILL');
  const close = async () => {
    kill();
    await ended;
    options.signal?.removeEventListener('abort', kill);
  };
  if (options.signal?.aborted) kill();
  options.signal?.addEventListener('abort', kill, { once: true });
  const { installation, endpoint, block, timeoutMs } = options;
  // When it cannot be told, it has ended, which is heard of anyway.
  child.send({ ...installation, endpoint, block, timeoutMs } satisfies ForkRequest, () => {});
  const late = setTimeout(
    () => fail('the endpoint did not give the runtime and its state in time'),
    options.startMs ?? START_MS,
  );
  try {
    const port = await Promise.race([ready, broken]);
    return { endpoint: `ws://127.0.0.1:${port}`, broken, close };
  } catch (error) {
    await close();
    throw error;
  } finally {
    clearTimeout(late);
  }
}

function passedOn(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    PASSED_ON.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])),
  );
}

function listen(child: ChildProcess, onFetched: ForkOptions['onFetched']) {
  const ready = Promise.withResolvers<number>();
  const broken = Promise.withResolvers<never>();
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-STDERR_TAIL);
  });
  const fail = (reason: string) =>
    broken.reject(
      new Sv72Error('ERR_REHEARSE_FAILED', `The fork of the chain could not go on: ${reason}.`, {
        details: { reason, said },
      }),
    );
  child.on('message', (news: unknown) => {
    if (!isForkNews(news)) return;
    if (news.kind === 'ready') ready.resolve(news.port);
    else if (news.kind === 'fetched') onFetched?.(news.answers);
    else fail(news.reason.replace(/\.$/, ''));
  });
  child.once('error', (error) => fail(error.message));
  child.once('exit', (code, signal) =>
    fail(signal ? `it was ended by ${signal}` : `it ended with exit code ${code}`),
  );
  return { ready: ready.promise, broken: broken.promise, fail };
}
