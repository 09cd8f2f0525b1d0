import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { FromChild, JunkOrder, JunkResult, LoadOrder, LoadResult, ToChild } from './protocol.ts';

export type { JunkKind, JunkOrder, JunkResult, LoadOrder, LoadResult, Stream } from './protocol.ts';

const CHILD = fileURLToPath(new URL('./child.ts', import.meta.url));

/** Runs one load in a process of its own. */
export async function load(order: LoadOrder): Promise<LoadResult> {
  const child = start({ do: 'load', order });
  try {
    return (await answer(child, 'load')).result;
  } finally {
    child.kill();
  }
}

/** Sends junk from a process of its own while `during` runs. */
export async function withJunk<T>(
  order: JunkOrder,
  during: () => Promise<T>,
): Promise<{ readonly junk: JunkResult; readonly result: T }> {
  const child = start({ do: 'junk', order });
  try {
    const result = await during();
    child.send({ do: 'stop' } satisfies ToChild);
    return { junk: (await answer(child, 'junk')).result, result };
  } finally {
    child.kill();
  }
}

function start(message: ToChild): ChildProcess {
  const child = fork(CHILD, { serialization: 'advanced' });
  child.send(message);
  return child;
}

async function answer<Done extends FromChild['done']>(
  child: ChildProcess,
  done: Done,
): Promise<Extract<FromChild, { done: Done }>> {
  const gone = new AbortController();
  child.once('exit', () => gone.abort(new Error('the load process ended early')));
  const [message] = (await once(child, 'message', { signal: gone.signal })) as [FromChild];
  if (message.done !== done) throw new Error(`expected ${done}, got ${message.done}`);
  return message as Extract<FromChild, { done: Done }>;
}
