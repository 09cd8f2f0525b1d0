import { type Alpha, alpha } from '../amount/index.ts';

const DAY_MS = 86_400_000;

/** What a neuron gets in a day when every epoch brings what the last one did. */
export function perDay(emission: Alpha, epochBlocks: number, blockMs: number): Alpha {
  if (epochBlocks <= 0 || blockMs <= 0) return alpha(0n);
  return alpha((emission * BigInt(DAY_MS)) / BigInt(Math.round(epochBlocks * blockMs)));
}
