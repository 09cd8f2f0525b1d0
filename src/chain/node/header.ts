import type { Header } from '@polkadot/types/interfaces';
import type { Runtime } from '../codec/runtime.ts';
import type { Head } from '../types.ts';
import { isObject, unknownForm } from './answers.ts';

/** A head from a header as the node tells it. @throws ERR_CHAIN_SHAPE */
export function headOf(header: unknown, { engine }: Pick<Runtime, 'engine'>): Head {
  if (!isObject(header)) throw unknownForm('a header');
  try {
    const { hash, number, parentHash } = engine.registry.createTypeUnsafe<Header>('Header', [header]);
    return { hash: hash.toHex(), number: number.toNumber(), parent: parentHash.toHex() };
  } catch {
    throw unknownForm('a header');
  }
}
