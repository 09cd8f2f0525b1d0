import { feeFor } from '../chain/execute.ts';
import { decodeExtrinsic } from '../chain/extrinsic.ts';
import type { ChainState } from '../model.ts';
import { toHex } from '../scale/bytes.ts';
import { accountParam, blockParam, bytesParam } from './read-params.ts';
import { refusalValue } from './runtime-call.ts';
import type { Methods } from './session.ts';

/** `system_*` and `payment_*`. */
export function systemMethods<W extends ChainState>(names: { readonly chain: string }): Methods<W> {
  const nextIndex: Methods<W>[string] = ({ chain }, [account]) => chain.nextNonce(accountParam(account));
  return {
    system_chain: () => names.chain,
    system_name: () => 'sv72 devchain',
    system_version: () => '1.0.0',
    system_chainType: () => 'Local',
    system_nodeRoles: () => ['Authority'],
    system_localPeerId: () => '12D3KooWDevchainDevchainDevchainDevchainDevchainDevc',
    system_localListenAddresses: () => [],
    system_peers: () => [],
    system_properties: () => ({ ss58Format: 42, tokenDecimals: 9, tokenSymbol: 'TAO' }),
    system_health: () => ({ peers: 0, isSyncing: false, shouldHavePeers: false }),
    system_syncState: ({ chain }) => ({
      startingBlock: 0,
      currentBlock: chain.head.header.number,
      highestBlock: chain.head.header.number,
    }),
    system_accountNextIndex: nextIndex,
    account_nextIndex: nextIndex,
    system_dryRun: ({ chain }, [hex]) => {
      const { image } = chain;
      const { valid, refusal } = chain.validate(decodeExtrinsic(image, bytesParam(hex, 'extrinsic')));
      const type = image.apiMethod('BlockBuilder_apply_extrinsic')?.output;
      const value = valid === undefined ? { Err: refusalValue(refusal) } : { Ok: { Ok: [] } };
      return type === undefined ? '0x' : toHex(image.codec.encode(type, value));
    },
    payment_queryInfo: ({ chain }, [hex, at]) => {
      const { image } = blockParam(chain, at);
      const extrinsic = decodeExtrinsic(image, bytesParam(hex, 'extrinsic'));
      const fee = feeFor(chain.environment(image), extrinsic);
      return {
        weight: { ref_time: 0, proof_size: 0 },
        class: 'normal',
        partialFee: (fee.total - fee.tip).toString(),
      };
    },
    payment_queryFeeDetails: ({ chain }, [hex, at]) => {
      const { image } = blockParam(chain, at);
      const fee = feeFor(chain.environment(image), decodeExtrinsic(image, bytesParam(hex, 'extrinsic')));
      const number = (value: bigint) => `0x${value.toString(16)}`;
      return {
        inclusionFee:
          fee.base === 0n
            ? null
            : {
                baseFee: number(fee.base),
                lenFee: number(fee.length),
                adjustedWeightFee: number(fee.weight),
              },
      };
    },
  };
}
