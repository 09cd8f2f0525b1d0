import { blake2 } from '../hash.ts';
import { badOrigin, type CallHandler, type CallTable, type ChainState, type Hex } from '../model.ts';
import { fromHex, toHex } from '../scale/bytes.ts';

/** Calls of the System pallet: remarks, the simplest thing one can send. */
export function systemCalls<W extends ChainState>(): CallTable<W> {
  const remark: CallHandler<W> = { dispatch: () => [] };
  const remarkWithEvent: CallHandler<W, { readonly remark: Hex }> = {
    dispatch: (_world, { signer, args }) => {
      if (signer === undefined) throw badOrigin();
      const hash = toHex(blake2(fromHex(args.remark)));
      return [{ pallet: 'System', name: 'Remarked', data: { sender: signer, hash } }];
    },
  };
  return { 'System.remark': remark, 'System.remark_with_event': remarkWithEvent as CallHandler<W> };
}
