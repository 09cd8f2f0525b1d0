import { setTimeout as sleep } from 'node:timers/promises';
import { Sv72Error } from '../../errors/index.ts';
import { isHex } from '../codec/hex.ts';
import { failure, poolFailure } from '../errors/explain.ts';
import type { LiveChain } from '../live-chain.ts';
import { isObject } from '../node/answers.ts';
import { RpcError, SocketLost, shown, TimedOut } from '../rpc/failures.ts';
import type { Hex, SignedInfo, SubmitStatus } from '../types.ts';

/** What the node told about a transaction it watches; `search`: nothing that can be relied on. */
export type Watched =
  | { readonly kind: 'in-block'; readonly block: Hex }
  | { readonly kind: 'finalized'; readonly block: Hex }
  | { readonly kind: 'search'; readonly reason: string };

export interface Watch {
  readonly watched: Promise<Watched>;
  /** performance.now() at which the node last told something. */
  lastHeard(): number;
  stop(): void;
}

/** Times that the same bytes are given to a node again when it is not known whether it took them. */
const RESENDS = 2;
const PAUSE_MS = 1_000;

/**
 * Gives a signed extrinsic to a node and watches it. When the connection is lost before the node said that it took it, the same bytes
 * are given again: with their nonce they can happen only once.
 * @throws ERR_CHAIN_REFUSED, and what a lost connection throws
 */
export async function send(
  chain: LiveChain,
  info: SignedInfo,
  until: 'finalized' | 'in-block',
  onStatus: (status: SubmitStatus) => void,
): Promise<Watch> {
  for (let again = 0; ; again++) {
    try {
      return await watch(chain, info, until, onStatus);
    } catch (error) {
      const unsure = error instanceof SocketLost || error instanceof TimedOut;
      const limited = error instanceof RpcError && error.rateLimited;
      if (error instanceof RpcError && tellsNothing(error)) return await sendUnwatched(chain, info, onStatus);
      if (error instanceof RpcError && !limited) {
        const refused = refusal(error, again > 0);
        if (refused) throw refused;
        return settled({ kind: 'search', reason: shown(error.message) });
      }
      if (!unsure && !limited) throw error;
      if (again >= RESENDS) {
        return settled({ kind: 'search', reason: 'the connection was lost while it was being sent' });
      }
      await sleep(PAUSE_MS * (again + (limited ? 1 : 0)));
    }
  }
}

/** Whether the node does not follow transactions at all, as some proxies in front of one do not. Refusals have codes of their own. */
function tellsNothing({ code, message, unknownMethod, rateLimited }: RpcError): boolean {
  const refuses = code >= 1_000 && code < 1_100;
  return unknownMethod || (!refuses && !rateLimited && /subscri|notification|method/i.test(message));
}

/** Gives it to a node that will tell nothing more of it; the blocks will. */
async function sendUnwatched(
  chain: LiveChain,
  info: SignedInfo,
  onStatus: (status: SubmitStatus) => void,
): Promise<Watch> {
  try {
    await chain.connection.read('author_submitExtrinsic', [info.hex]);
  } catch (error) {
    // A read is asked again when the connection is lost, so "already there" may be its own trace.
    const refused = error instanceof RpcError ? refusal(error, true) : undefined;
    if (refused || !(error instanceof RpcError)) throw refused ?? error;
  }
  onStatus({ kind: 'sent' });
  return settled({ kind: 'search', reason: 'the node does not follow transactions' });
}

function settled(watched: Watched): Watch {
  return { watched: Promise.resolve(watched), lastHeard: () => 0, stop: () => undefined };
}

async function watch(
  chain: LiveChain,
  info: SignedInfo,
  until: 'finalized' | 'in-block',
  onStatus: (status: SubmitStatus) => void,
): Promise<Watch> {
  const { promise, resolve } = Promise.withResolvers<Watched>();
  let heard = performance.now();
  let sent = false;
  const took = () => {
    if (!sent) onStatus({ kind: 'sent' });
    sent = true;
  };
  const stop = await chain.connection.watchOnce(
    'author_submitAndWatchExtrinsic',
    'author_unwatchExtrinsic',
    [info.hex],
    (status) => {
      heard = performance.now();
      took();
      const told = read(status);
      if (told.kind !== 'waiting' && told.kind !== 'search') onStatus(told);
      if (told.kind === 'finalized' || told.kind === 'search') resolve(told);
      if (told.kind === 'in-block' && until === 'in-block') resolve(told);
    },
    (reason) => resolve({ kind: 'search', reason: `the connection was lost: ${reason}` }),
  );
  took();
  return { watched: promise, lastHeard: () => heard, stop };
}

type Told =
  | Watched
  | { readonly kind: 'retracted'; readonly block: Hex }
  | { readonly kind: 'future' }
  | { readonly kind: 'waiting' };

function read(status: unknown): Told {
  if (status === 'future') return { kind: 'future' };
  if (status === 'dropped' || status === 'invalid') {
    return { kind: 'search', reason: `the node says that it is ${status}` };
  }
  if (!isObject(status)) return { kind: 'waiting' };
  if (isHex(status.inBlock)) return { kind: 'in-block', block: status.inBlock };
  if (isHex(status.finalized)) return { kind: 'finalized', block: status.finalized };
  if (isHex(status.retracted)) return { kind: 'retracted', block: status.retracted };
  if ('usurped' in status)
    return { kind: 'search', reason: 'another transaction took its place in the pool' };
  if ('finalityTimeout' in status) return { kind: 'search', reason: 'finality takes too long' };
  return { kind: 'waiting' };
}

/**
 * A node's error as a refusal; undefined when the transaction may be with it nevertheless.
 * @param again whether the same bytes were given before: then "already there" and "outdated" can be their own traces
 */
function refusal(error: RpcError, again: boolean): Sv72Error | undefined {
  const said = `${error.code}: ${error.message}${error.data === undefined ? '' : ` ${text(error.data)}`}`;
  const why = poolFailure(said) ?? failure('pool', 'Refused', { docs: shown(error.message) });
  if (
    why.name === 'AlreadyImported' ||
    (again && (why.name === 'Stale' || why.name === 'TemporarilyBanned'))
  ) {
    return undefined;
  }
  return new Sv72Error('ERR_CHAIN_REFUSED', `The node refused the transaction: ${lowerFirst(why.meaning)}`, {
    next: why.next,
    details: { name: why.name, channel: 'pool', code: why.code, said: shown(said, 300) },
    cause: error,
  });
}

function text(data: unknown): string {
  return typeof data === 'string' ? data : JSON.stringify(data);
}

export function lowerFirst(sentence: string): string {
  return /^[A-Z][a-z]* /.test(sentence) && !/^(EVM|SS58) /.test(sentence)
    ? `${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`
    : sentence;
}
