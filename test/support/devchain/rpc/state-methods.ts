import type { Block } from '../chain/block.ts';
import type { Chain } from '../chain/chain.ts';
import { blake2 } from '../hash.ts';
import type { ChainState, Hex } from '../model.ts';
import { fromHex, toHex } from '../scale/bytes.ts';
import { invalidParams } from './error.ts';
import { blockParam, bytesParam, hexParam, stateParam } from './read-params.ts';
import { callRuntime } from './runtime-call.ts';
import type { Methods, Session } from './session.ts';

/** As an ordinary node refuses more keys in one answer. */
const MOST_KEYS = 1000;

/** `state_*`: storage, metadata and runtime calls. */
export function stateMethods<W extends ChainState>(): Methods<W> {
  const unsubscribe = (session: Session<W>, [id]: readonly unknown[]) => session.unsubscribe(id);
  const read = (chain: Chain<W>, key: unknown, at: unknown) => {
    const { block, state } = stateParam(chain, at);
    return chain.storage.read(block, state, hexParam(key, 'storage key')) ?? null;
  };
  return {
    state_getStorage: ({ chain }, [key, at]) => read(chain, key, at),
    state_getStorageAt: ({ chain }, [key, at]) => read(chain, key, at),
    state_getStorageHash: ({ chain }, [key, at]) => {
      const value = read(chain, key, at);
      return value === null ? null : toHex(blake2(fromHex(value)));
    },
    state_getStorageSize: ({ chain }, [key, at]) => {
      const value = read(chain, key, at);
      return value === null ? null : fromHex(value).length;
    },
    state_getKeysPaged: ({ chain }, [prefix, count, after, at]) => {
      const wanted = Number(count);
      if (!(wanted <= MOST_KEYS))
        throw invalidParams(`count exceeds maximum value. value: ${wanted}, max: ${MOST_KEYS}`);
      const { block, state } = stateParam(chain, at);
      const start = after === undefined || after === null ? '' : hexParam(after, 'start key');
      const keys = chain.storage.keys(block, state, hexParam(prefix ?? '0x', 'prefix'));
      return keys.filter((key) => key > start).slice(0, wanted);
    },
    state_getKeys: ({ chain }, [prefix, at]) => {
      const { block, state } = stateParam(chain, at);
      return chain.storage.keys(block, state, hexParam(prefix, 'prefix'));
    },
    state_getPairs: ({ chain }, [prefix, at]) => {
      const { block, state } = stateParam(chain, at);
      const keys = chain.storage.keys(block, state, hexParam(prefix, 'prefix'));
      return keys.map((key) => [key, chain.storage.read(block, state, key)]);
    },
    state_queryStorageAt: ({ chain }, [keys, at]) => [changes(chain, keysParam(keys), at)],
    state_queryStorage: ({ chain }, [keys, from, to]) => {
      const first = blockParam(chain, from).header.number;
      const last = blockParam(chain, to).header.number;
      const all: ReturnType<typeof changes>[] = [];
      const seen = new Map<Hex, Hex | null>();
      for (let number = first; number <= last; number++) {
        const set = changes(chain, keysParam(keys), chain.blockAt(number)?.hash);
        const changed = set.changes.filter(([key, value]) => seen.get(key) !== value);
        for (const [key, value] of changed) seen.set(key, value);
        if (changed.length > 0) all.push({ ...set, changes: changed });
      }
      return all;
    },
    state_subscribeStorage: (session, [keys]) => {
      const { chain } = session;
      const wanted = keysParam(keys);
      return session.subscribe('state_storage', (send) => {
        const first = changes(chain, wanted, undefined);
        const seen = new Map(first.changes);
        send(first);
        const tell = (block: Block<W>) => {
          const set = changes(chain, wanted, block.hash);
          const changed = set.changes.filter(([key, value]) => seen.get(key) !== value);
          for (const [key, value] of changed) seen.set(key, value);
          if (changed.length > 0) send({ ...set, changes: changed });
        };
        chain.on.on('best', tell);
        return () => chain.on.off('best', tell);
      });
    },
    state_unsubscribeStorage: unsubscribe,
    state_getMetadata: ({ chain }, [at]) => blockParam(chain, at).image.encoded(14),
    state_call: ({ chain }, [name, data, at]) => {
      const { block, state } = stateParam(chain, at);
      return toHex(callRuntime(chain, block, state, String(name), bytesParam(data ?? '0x', 'data')));
    },
    state_getReadProof: () => {
      throw invalidParams('this chain has no trie and gives no proofs');
    },
  };
}

function keysParam(keys: unknown): Hex[] {
  if (!Array.isArray(keys)) throw invalidParams('wants a list of storage keys');
  return keys.map((key) => hexParam(key, 'storage key'));
}

function changes<W extends ChainState>(chain: Chain<W>, keys: readonly Hex[], at: unknown) {
  const { block, state } = stateParam(chain, at);
  const all = keys.map((key): [Hex, Hex | null] => [key, chain.storage.read(block, state, key) ?? null]);
  return { block: block.hash, changes: all };
}
