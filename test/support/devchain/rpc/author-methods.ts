import { FormatError } from '../chain/extrinsic.ts';
import type { PoolRefusal, Status } from '../chain/pool.ts';
import { refusalError, type Spelling } from '../chain/validity.ts';
import type { ChainState, Hex } from '../model.ts';
import { Reader } from '../scale/bytes.ts';
import { RpcError } from './error.ts';
import { bytesParam } from './read-params.ts';
import type { Methods, Session } from './session.ts';

/** `author_*`: the pool. */
export function authorMethods<W extends ChainState>(): Methods<W> {
  return {
    author_submitExtrinsic: (session, [hex]) => {
      const { extrinsic, lost } = submit(session, bytesParam(hex, 'extrinsic'));
      if (!lost) session.afterSubmission();
      return extrinsic.hash;
    },
    author_submitAndWatchExtrinsic: (session, [hex]) => {
      const bytes = bytesParam(hex, 'extrinsic');
      const told: Status[] = [];
      let tell: (status: Status) => void = (status) => told.push(status);
      let stop = () => {};
      // The pool speaks of an extrinsic while it takes it: listen first.
      const listen = (hash: Hex) => {
        stop = session.chain.pool.watch(hash, (status) => tell(status));
      };
      let submitted: ReturnType<typeof submit<W>>;
      try {
        submitted = submit(session, bytes, listen);
      } catch (error) {
        stop();
        throw error;
      }
      const id = session.subscribe('author_extrinsicUpdate', (send) => {
        for (const status of told) send(status);
        tell = send;
        return stop;
      });
      if (!submitted.lost) session.afterSubmission();
      return id;
    },
    author_unwatchExtrinsic: (session, [id]) => session.unsubscribe(id),
    author_pendingExtrinsics: ({ chain }) => chain.pool.all().map((extrinsic) => extrinsic.bytes),
    author_removeExtrinsic: () => [],
  };
}

function submit<W extends ChainState>(
  session: Session<W>,
  bytes: Uint8Array,
  listen: (hash: Hex) => void = () => {},
) {
  requireFrame(bytes);
  const lost = session.misbehaviour.takesDrop();
  try {
    const { extrinsic, refusal } = session.chain.submit(bytes, lost, listen);
    if (refusal !== undefined) throw poolError(refusal, session.spelling);
    return { extrinsic, lost };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    // The runtime cannot decode it and stops.
    throw new RpcError(
      1002,
      'Verification Error: Runtime error: Execution failed: Execution aborted due to trap: wasm trap: wasm `unreachable` instruction executed',
      error.message,
    );
  }
}

/** The node itself looks at the length prefix only. */
function requireFrame(bytes: Uint8Array): void {
  try {
    const reader = new Reader(bytes);
    if (reader.length() === reader.left) return;
  } catch {
    // said below
  }
  throw new RpcError(1001, 'Extrinsic has invalid format: "Not enough data to fill buffer"');
}

function poolError(refusal: PoolRefusal, spelling: Spelling): RpcError {
  switch (refusal.kind) {
    case 'validity': {
      const { code, message, data } = { data: undefined, ...refusalError(refusal.refusal, spelling) };
      return new RpcError(code, message, data);
    }
    case 'banned':
      return new RpcError(1012, 'Transaction is temporarily banned');
    case 'imported':
      return new RpcError(1013, 'Transaction Already Imported', refusal.hash);
    case 'priority':
      return new RpcError(
        1014,
        `Priority is too low: (${refusal.old} vs ${refusal.new})`,
        'The transaction has too low priority to replace another transaction already in the pool.',
      );
  }
}
