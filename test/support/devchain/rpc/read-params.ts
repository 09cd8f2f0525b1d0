import { decodeAddress } from '@polkadot/util-crypto';
import type { Block } from '../chain/block.ts';
import type { Chain } from '../chain/chain.ts';
import type { ChainState, Hex } from '../model.ts';
import { fromHex, toHex } from '../scale/bytes.ts';
import { invalidParams, RpcError } from './error.ts';

export function hexParam(value: unknown, what: string): Hex {
  if (typeof value !== 'string' || !/^0x(?:[0-9a-fA-F]{2})*$/.test(value))
    throw invalidParams(`${what} is not hex`);
  return value.toLowerCase();
}

export function bytesParam(value: unknown, what: string): Uint8Array {
  return fromHex(hexParam(value, what));
}

/** The block with this hash; without a hash the best one. */
export function blockParam<W extends ChainState>(chain: Chain<W>, hash: unknown): Block<W> {
  if (hash === undefined || hash === null) return chain.head;
  const block = chain.block(hexParam(hash, 'block hash'));
  if (block === undefined)
    throw new RpcError(
      4003,
      'Client error: UnknownBlock: Header was not found in the database',
      String(hash),
    );
  return block;
}

/** A block and its state. */
export function stateParam<W extends ChainState>(
  chain: Chain<W>,
  hash: unknown,
): { block: Block<W>; state: W } {
  const block = blockParam(chain, hash);
  const state = chain.stateAt(block);
  if (state === undefined)
    throw new RpcError(4003, `Client error: UnknownBlock: State already discarded for ${block.hash}`);
  return { block, state };
}

/** A public key from an SS58 address (any prefix) or hex. */
export function accountParam(value: unknown): Hex {
  try {
    return toHex(decodeAddress(String(value)));
  } catch {
    throw invalidParams('not an address');
  }
}
