import { keypairFromSeed } from '../../src/wallet/index.ts';
import { AXON_SEED, CALLERS } from '../requests/streams.ts';

const address = (seed: string): string => keypairFromSeed(Buffer.from(seed.slice(2), 'hex')).ss58;

/** SS58 addresses of the callers that peers are told to allow. */
export function allowedHotkeys(): string[] {
  return CALLERS.map(address);
}

export function axonHotkey(): string {
  return address(AXON_SEED);
}
