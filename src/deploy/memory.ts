import { freemem } from 'node:os';
import { Sv72Error } from '../errors/index.ts';

/** An engine process before it has loaded anything: Node.js, ONNX Runtime, sharp. */
const PROCESS_BYTES = 100e6;
/** Weights, packed once more for the processor, and what a batch needs. */
const PER_MODEL_BYTE = 3;
/** Left for the live model and the rest of the machine. */
const SPARE_BYTES = 200e6;

/**
 * Refuses a model beside the live one where memory would run out: then the kernel would end one of them.
 *
 * @param modelBytes size of the graph with its weights
 * @param free what is left for this process (default: what the system, or its control group, says)
 * @throws Sv72Error ERR_DEPLOY_MEMORY
 */
export function demandMemory(modelBytes: number, processes: number, free = available()): void {
  const needed = processes * (PROCESS_BYTES + PER_MODEL_BYTE * modelBytes) + SPARE_BYTES;
  if (free >= needed) return;
  throw new Sv72Error(
    'ERR_DEPLOY_MEMORY',
    `A second model needs about ${mb(needed)} MB of memory beside the live one, and ${mb(free)} MB are free.`,
    { details: { needed: Math.round(needed), free: Math.round(free) } },
  );
}

function available(): number {
  return process.availableMemory?.() ?? freemem();
}

function mb(bytes: number): number {
  return Math.round(bytes / 1e6);
}
