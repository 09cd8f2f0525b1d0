import { randomBytes } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { type CompiledKernel, instantiateKernel, type Kernel, NONCES_PER_RUN } from './kernel/kernel.ts';
import { meetsDifficulty, sealLimit, sealWork } from './seal.ts';

/** One search: it ends when another one begins, or with `prefix` undefined. */
export interface Task {
  readonly id: number;
  readonly prefix: Uint8Array | undefined;
  readonly difficulty: bigint;
}

/** What a thread says: how much it tried since it last said so, and a nonce when it has one. */
export interface Report {
  readonly id: number;
  readonly tried: number;
  readonly nonce?: bigint;
}

/** Module of the kernel, or undefined where it cannot run. */
export type ThreadData = { readonly module: CompiledKernel | undefined };

/** Tries between two looks at the mail: about 25 ms, and 2 ms each where WebAssembly has no vectors. */
const BATCH = 65_536;
const SLOW_BATCH = 2_048;

/** The same search where WebAssembly has no vectors, forty times slower. */
const slowKernel: Kernel = {
  run({ prefix, low, first, count, limit }) {
    for (let index = first; index < first + count; index++) {
      const work = Buffer.from(sealWork(prefix, nonceAt(low, index)));
      if (work.readBigUInt64LE(24) <= limit) return index;
    }
    return -1;
  },
};

const nonceAt = (low: bigint, index: number) => low + (BigInt(index) << 40n);

const port = parentPort;
const { module }: ThreadData = workerData;
const kernel = module === undefined ? slowKernel : instantiateKernel(module);
const batch = module === undefined ? SLOW_BATCH : BATCH;
let task: Task | undefined;
let low = 0n;
let next = NONCES_PER_RUN;

port?.on('message', (given: Task) => {
  const resting = task?.prefix === undefined;
  task = given;
  next = NONCES_PER_RUN;
  if (resting) turn();
});

/** One batch, then the next after a look at the mail. Threads meet in no nonce, since each draws its lower 40 bits. */
function turn(): void {
  if (task?.prefix === undefined) return;
  const { id, prefix, difficulty } = task;
  if (next + batch > NONCES_PER_RUN) {
    low = BigInt(`0x${randomBytes(5).toString('hex')}`);
    next = 0;
  }
  const index = kernel.run({ prefix, low, first: next, count: batch, limit: sealLimit(difficulty) >> 192n });
  const tried = index === -1 ? batch : index - next + 1;
  const nonce = nonceAt(low, index);
  const found = index !== -1 && meetsDifficulty(sealWork(prefix, nonce), difficulty);
  const report: Report = { id, tried, ...(found && { nonce }) };
  port?.postMessage(report);
  next = index === -1 ? next + batch : index + 1;
  if (found) task = { ...task, prefix: undefined };
  else setImmediate(turn);
}
