import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ChainSigner } from '../chain/index.ts';
import { Sv72Error } from '../errors/index.ts';
import { payloadProblem } from './guard.ts';
import {
  type ChainJob,
  type FromChild,
  isMessage,
  type ToChild,
  type Wish,
  type WishOutcome,
} from './messages.ts';
import type { ChainView } from './view.ts';

/** Variables that the process may see; a wallet's password in the environment stays out of it. */
const PASSED_ON =
  /^(PATH|HOME|TMPDIR|TEMP|TMP|LANG|LC_.*|TZ|SYSTEMROOT|XDG_CACHE_HOME|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR)|(https?|all|no)_proxy)$/i;
/** Signatures for one wish: a runtime upgrade in between may ask for a second one. */
const MOST_SIGNATURES = 2;

export interface ChainProcessOptions {
  readonly job: ChainJob;
  /** The keys of the wishes' hotkeys. */
  readonly signers: ReadonlyMap<string, Pick<ChainSigner, 'sign'>>;
  /** Genesis of the chain that signatures are for, when it is known already; else the one that is found. */
  readonly genesisHash?: string | undefined;
  readonly onView?: (view: ChainView) => void;
  readonly onOutcome?: (wish: Wish, outcome: WishOutcome) => void;
  /** Longest life of the process, ms; then it is killed. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/**
 * Reads the chain, and makes the announcements that it lacks, in a process of its own.
 * @throws ERR_CHAIN_PROCESS when it does not end in time or ends without an answer, and whatever it met
 */
export async function runChainJob(options: ChainProcessOptions): Promise<ChainView> {
  const { timeoutMs, signal } = options;
  signal?.throwIfAborted();
  const child = fork(childFile(), [], {
    serialization: 'advanced',
    execArgv: ['--max-semi-space-size=2', '--max-old-space-size=256', '--optimize-for-size'],
    env: {
      ...Object.fromEntries(Object.entries(process.env).filter(([name]) => PASSED_ON.test(name))),
      MALLOC_ARENA_MAX: '1',
    },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const kill = () => void child.kill('SIGKILL');
  const timer = setTimeout(kill, timeoutMs);
  signal?.addEventListener('abort', kill, { once: true });
  try {
    return await conversation(child, options);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', kill);
    kill();
  }
}

function childFile(): string {
  const ending = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  return fileURLToPath(new URL(`child${ending}`, import.meta.url));
}

function conversation(child: ChildProcess, options: ChainProcessOptions): Promise<ChainView> {
  const { job } = options;
  let view: ChainView | undefined;
  const signed = job.wishes.map(() => 0);
  const send = (message: ToChild) => void child.send(message, () => undefined);

  const sign = async (index: number, payload: Uint8Array): Promise<Uint8Array> => {
    const wish = job.wishes[index];
    const genesisHash = options.genesisHash ?? view?.genesisHash;
    if (wish === undefined || genesisHash === undefined) throw new Error('it was not asked to announce that');
    const { announcement } = wish;
    const problem = payloadProblem(payload, { announcement, netuid: job.netuid, genesisHash });
    if (problem !== undefined) throw new Error(problem);
    const count = (signed[index] ?? 0) + 1;
    signed[index] = count;
    if (count > MOST_SIGNATURES) throw new Error('it was signed already');
    const signer = options.signers.get(wish.hotkey);
    if (signer === undefined) throw new Error('its key is not here');
    return await signer.sign(payload);
  };

  return new Promise((resolve, reject) => {
    const lost = (how: string) =>
      reject(new Sv72Error('ERR_CHAIN_PROCESS', `The process that reads the chain ${how}.`));
    child.once('error', (error) => lost(`could not be started (${error.message})`));
    child.once('exit', (code, signal) => {
      const took = signal === 'SIGKILL' ? 'was ended, because it took too long' : 'ended without an answer';
      lost(`${took} (${signal ?? `exit code ${code}`})`);
    });
    child.on('message', (message: unknown) => {
      if (!isMessage<FromChild>(message, ['view', 'sign', 'outcome', 'end', 'failed'])) return;
      switch (message.type) {
        case 'view':
          try {
            options.onView?.(message.view);
            view = message.view;
          } catch (error) {
            reject(error);
          }
          break;
        case 'sign':
          sign(message.wish, message.payload).then(
            (signature) => send({ type: 'signature', id: message.id, signature }),
            (error: unknown) => send({ type: 'unsigned', id: message.id, reason: whyUnsigned(error) }),
          );
          break;
        case 'outcome': {
          const wish = job.wishes[message.wish];
          if (wish !== undefined) options.onOutcome?.(wish, message.outcome);
          break;
        }
        case 'end':
          if (view === undefined) lost('ended without an answer');
          else resolve(view);
          break;
        case 'failed': {
          const { code, message: text, next, details } = message.failure;
          reject(new Sv72Error(code, text, { next, details }));
          break;
        }
      }
    });
    send({ type: 'job', job });
  });
}

function whyUnsigned(error: unknown): string {
  if (error instanceof Sv72Error) return error.message;
  return `The hotkey did not sign: ${error instanceof Error ? error.message : String(error)}.`;
}
