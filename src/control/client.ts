import { createConnection } from 'node:net';
import { createInterface } from 'node:readline';
import { ERRORS, type ErrorCode, Sv72Error } from '../errors/index.ts';
import { type ControlReply, type ControlRequest, replyFrom } from './protocol.ts';

/**
 * Gives a running miner an order and waits for what comes of it.
 *
 * @throws Sv72Error the miner's own refusal, ERR_CONTROL_LOST when it cannot be reached or ends in between.
 */
export async function askControl(
  path: string,
  request: ControlRequest,
  onProgress: (message: string) => void = () => undefined,
): Promise<Readonly<Record<string, unknown>>> {
  const socket = createConnection(path);
  let cause: unknown;
  socket.on('error', (error) => {
    cause = error;
  });
  socket.write(`${JSON.stringify(request)}\n`);
  try {
    for await (const line of createInterface({ input: socket })) {
      const reply = replyFrom(line);
      if (reply?.event === 'progress') onProgress(reply.message);
      else if (reply?.event === 'result') return reply.result;
      else if (reply !== undefined) throw errorOf(reply);
    }
  } catch (error) {
    if (error instanceof Sv72Error) throw error;
    cause = error;
  } finally {
    socket.destroy();
  }
  throw new Sv72Error('ERR_CONTROL_LOST', 'The miner did not answer the order to its end.', { cause });
}

function errorOf({ code, message, next }: Extract<ControlReply, { event: 'refused' }>): Sv72Error {
  const options = next === null ? {} : { next };
  return new Sv72Error(isErrorCode(code) ? code : 'ERR_CONTROL_LOST', message, options);
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code);
}
