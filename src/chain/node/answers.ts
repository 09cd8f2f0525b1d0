import { Sv72Error } from '../../errors/index.ts';
import { isHex } from '../codec/hex.ts';
import { RpcError, SocketLost, shown, TimedOut } from '../rpc/failures.ts';
import type { Hex } from '../types.ts';

/** A node's refusal and a connection's end as errors of ours; the others as they are. */
export function asOurs(error: unknown, what: string): unknown {
  if (error instanceof RpcError) {
    return new Sv72Error(
      'ERR_CHAIN_RPC',
      `The node answered ${what} with an error: ${shown(error.message)}.`,
      {
        details: { what, code: error.code, message: shown(error.message) },
        cause: error,
      },
    );
  }
  if (error instanceof TimedOut) {
    return new Sv72Error('ERR_CHAIN_TIMEOUT', `The chain gave ${error.message}.`, { cause: error });
  }
  if (error instanceof SocketLost) {
    return new Sv72Error('ERR_CHAIN_UNREACHABLE', `The connection to the chain was lost: ${error.message}.`, {
      cause: error,
    });
  }
  return error;
}

export function unknownForm(what: string, cause?: unknown): Sv72Error {
  return new Sv72Error('ERR_CHAIN_SHAPE', `The chain answered ${what} in an unknown form.`, {
    details: { what },
    cause,
  });
}

/** @throws ERR_CHAIN_SHAPE */
export function hexAnswer(answer: unknown, what: string): Hex {
  if (isHex(answer)) return answer;
  throw unknownForm(what);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
