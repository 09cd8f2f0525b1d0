import { createRequire } from 'node:module';

/**
 * The parts of polkadot-js that are used, loaded as CommonJS: as ES modules each of their thousand files makes Node read the
 * package's manifest again, 190 kB of it, which takes three times the time and twice the memory.
 */
const load = createRequire(import.meta.url);

export const { ApiPromise } = load('@polkadot/api/promise') as typeof import('@polkadot/api');
export const { compactFromU8a, stringCamelCase } = load('@polkadot/util') as typeof import('@polkadot/util');
