import type { Rao } from '../../amount/index.ts';
import type { Call, Chain, Reads } from '../types.ts';
import type { Way } from './journal/index.ts';
import type { Proof } from './pow/index.ts';
import type { CallName } from './proxy-filter.ts';

const PALLET = 'SubtensorModule';

/** What is registered, by which way. */
export type Wanted =
  | { readonly way: 'burn'; readonly netuid: number; readonly hotkey: string; readonly ceiling: Rao }
  | { readonly way: 'pow'; readonly netuid: number; readonly hotkey: string; readonly proof: Proof };

/** The account that the signer is a proxy of, and the type of the right that it uses. */
export interface ProxyUse {
  readonly real: string;
  readonly type: string;
}

/** Whether the runtime itself holds a ceiling; without it the price is only compared right before signing. */
export function holdsCeiling(chain: Pick<Reads, 'has'>): boolean {
  return chain.has.call(PALLET, 'register_limit');
}

/** The call that registers on this runtime, by its names. */
export function registeringCall(chain: Pick<Reads, 'has'>, way: Way): CallName {
  if (way === 'pow') return { pallet: PALLET, name: 'pow_register' };
  return { pallet: PALLET, name: holdsCeiling(chain) ? 'register_limit' : 'burned_register' };
}

/** The call that registers, wrapped for a proxy where one signs. @throws ERR_CHAIN_MISSING, ERR_CHAIN_ARGUMENT */
export function composeRegistration(chain: Chain, wanted: Wanted, proxy: ProxyUse | undefined): Call {
  const call = inner(chain, wanted);
  if (proxy === undefined) return call;
  return chain.compose('Proxy', 'proxy', { real: proxy.real, force_proxy_type: proxy.type, call });
}

function inner(chain: Chain, wanted: Wanted): Call {
  const { netuid, hotkey } = wanted;
  if (wanted.way === 'pow') {
    const { proof } = wanted;
    return chain.compose(PALLET, 'pow_register', {
      netuid,
      work_block: proof.block.number,
      nonce: proof.nonce,
      work: proof.work,
      hotkey,
    });
  }
  if (holdsCeiling(chain)) {
    return chain.compose(PALLET, 'register_limit', { netuid, hotkey, limit_price: wanted.ceiling });
  }
  return chain.compose(PALLET, 'burned_register', { netuid, hotkey });
}
