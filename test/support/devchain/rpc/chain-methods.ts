import { type Block, headerJson } from '../chain/block.ts';
import type { ChainState } from '../model.ts';
import { invalidParams } from './error.ts';
import { blockParam } from './read-params.ts';
import type { Methods, Session } from './session.ts';

/** `chain_*`: blocks and heads. */
export function chainMethods<W extends ChainState>(): Methods<W> {
  const unsubscribe = (session: Session<W>, [id]: readonly unknown[]) => session.unsubscribe(id);
  const heads = (method: string, event: 'best' | 'imported' | 'finalized') => (session: Session<W>) =>
    session.subscribe(method, (send) => {
      const { chain } = session;
      const tell = (block: Block<W>) => send(headerJson(block.header));
      tell(event === 'finalized' ? chain.finalized : chain.head);
      chain.on.on(event, tell);
      return () => chain.on.off(event, tell);
    });
  return {
    chain_getBlockHash: ({ chain }, [number]) => {
      if (number === undefined || number === null) return chain.head.hash;
      const one = (value: unknown) => chain.blockAt(Number(value))?.hash ?? null;
      if (Array.isArray(number)) return number.map(one);
      if (!Number.isSafeInteger(Number(number))) throw invalidParams('block number');
      return one(number);
    },
    chain_getHeader: ({ chain }, [hash]) => {
      const block = typeof hash === 'string' ? chain.block(hash) : chain.head;
      return block === undefined ? null : headerJson(block.header);
    },
    chain_getBlock: ({ chain }, [hash]) => {
      const block = typeof hash === 'string' ? chain.block(hash) : chain.head;
      if (block === undefined) return null;
      return {
        block: { header: headerJson(block.header), extrinsics: block.extrinsics },
        justifications: null,
      };
    },
    chain_getFinalizedHead: ({ chain }) => chain.finalized.hash,
    chain_getRuntimeVersion: ({ chain }, [hash]) => versionJson(blockParam(chain, hash)),
    state_getRuntimeVersion: ({ chain }, [hash]) => versionJson(blockParam(chain, hash)),
    state_subscribeRuntimeVersion: (session) =>
      session.subscribe('state_runtimeVersion', (send) => {
        const tell = (block: Block<W>) => send(versionJson(block));
        tell(session.chain.head);
        session.chain.on.on('runtime', tell);
        return () => session.chain.on.off('runtime', tell);
      }),
    state_unsubscribeRuntimeVersion: unsubscribe,
    chain_subscribeNewHeads: heads('chain_newHead', 'best'),
    chain_subscribeNewHead: heads('chain_newHead', 'best'),
    chain_unsubscribeNewHeads: unsubscribe,
    chain_unsubscribeNewHead: unsubscribe,
    chain_subscribeAllHeads: heads('chain_allHead', 'imported'),
    chain_unsubscribeAllHeads: unsubscribe,
    chain_subscribeFinalizedHeads: heads('chain_finalizedHead', 'finalized'),
    chain_unsubscribeFinalizedHeads: unsubscribe,
  };
}

/** The names of JSON-RPC differ from the runtime's. */
function versionJson<W extends ChainState>({ image: { version } }: Block<W>) {
  return {
    specName: version.spec_name,
    implName: version.impl_name,
    authoringVersion: version.authoring_version,
    specVersion: version.spec_version,
    implVersion: version.impl_version,
    apis: version.apis,
    transactionVersion: version.transaction_version,
    systemVersion: version.system_version,
    stateVersion: version.system_version,
  };
}
