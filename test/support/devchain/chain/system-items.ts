import type { ChainState, Hex, Plain } from '../model.ts';
import type { Block } from './block.ts';

/** Storage that belongs to the node's part of the runtime, as views of a block. */
export interface SystemItem<W extends ChainState> {
  get(block: Block<W>, state: W, keys: readonly Plain[], hashOf: (number: number) => Hex | undefined): Plain;
  keys?(state: W): Iterable<readonly Plain[]>;
}

export function systemItems<W extends ChainState>(): Readonly<Record<string, SystemItem<W>>> {
  return {
    'System.Account': {
      get: (_block, state, [key]) => {
        const account = state.accounts.get(key as Hex);
        if (account === undefined) return undefined;
        const providers = account.free > 0n || account.reserved > 0n ? 1 : 0;
        if (providers === 0 && account.nonce === 0) return undefined;
        const { free, reserved, nonce } = account;
        // The highest bit of `flags` says that the account follows the newer accounting of holds.
        return { nonce, providers, data: { free, reserved, flags: 1n << 127n } };
      },
      keys: (state) => [...state.accounts.keys()].map((key) => [key]),
    },
    'System.Number': { get: (block) => block.header.number },
    'System.ParentHash': { get: (block) => block.header.parentHash },
    'System.BlockHash': {
      get: (block, _s, [n], hashOf) => (Number(n) < block.header.number ? hashOf(Number(n)) : undefined),
    },
    'System.Events': {
      get: (block) => block.events.map(({ phase, event }) => ({ phase, event: { ...event }, topics: [] })),
    },
    'System.EventCount': { get: (block) => block.events.length },
    'System.LastRuntimeUpgrade': {
      get: ({ image }) => ({ spec_version: image.version.spec_version, spec_name: image.version.spec_name }),
    },
    'Timestamp.Now': { get: (_block, state) => state.timestamp },
    'Aura.CurrentSlot': { get: (block, state) => BigInt(state.timestamp) / slotDuration(block) },
    'TransactionPayment.NextFeeMultiplier': { get: () => 10n ** 18n },
    'TransactionPayment.StorageVersion': { get: () => 'V2' },
  };
}

export function slotDuration(block: Pick<Block<ChainState>, 'image'>): bigint {
  const found = block.image.constant('Aura', 'SlotDuration');
  return typeof found === 'bigint' && found > 0n ? found : 12_000n;
}
