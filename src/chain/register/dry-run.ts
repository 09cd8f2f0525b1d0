import type { Rao } from '../../amount/index.ts';
import type { Call, Chain, ChainFailure, ChainSigner, DryRun, SubmitOptions } from '../types.ts';
import { unregistered } from './bills.ts';
import { composeRegistration } from './call.ts';
import { type Preparation, proxyUse } from './prepare.ts';
import type { Target } from './request.ts';

export type NodeCheck = (
  chain: Chain,
  call: Call,
  options: Pick<SubmitOptions, 'signer' | 'eraBlocks'>,
) => Promise<DryRun>;

/** A call that would register one hotkey. */
export interface PlannedCall {
  readonly target: Target;
  readonly call: Call;
}

/** What the node says to signed registrations that are not sent. */
export type SignedCheck =
  /** Each of so many calls is valid by itself, as if it came first. */
  | { readonly kind: 'valid'; readonly checked: number }
  | { readonly kind: 'refused'; readonly target: Target; readonly failure: ChainFailure }
  | { readonly kind: 'not-made'; readonly why: string };

/** The calls that a run would send. With proof of work there are none before a proof is found. */
export function plannedCalls(chain: Chain, preparation: Preparation, ceiling: Rao): readonly PlannedCall[] {
  const { request, survey } = preparation;
  if (request.way === 'pow') return [];
  return unregistered(survey).map(({ target }) => ({
    target,
    call: composeRegistration(
      chain,
      { way: 'burn', netuid: request.netuid, hotkey: target.ss58, ceiling },
      proxyUse(request, survey),
    ),
  }));
}

/**
 * Signs each call as it would be sent if it were the first, and lets the node judge it; nothing is sent. What one of them changes for
 * the next, such as the price, is not in that.
 * @param signer undefined when the key is locked
 */
export async function checkSigned(
  chain: Chain,
  calls: readonly PlannedCall[],
  options: {
    readonly signer: ChainSigner | undefined;
    readonly nodeCheck: NodeCheck;
    readonly eraBlocks?: number;
  },
): Promise<SignedCheck> {
  const { signer, nodeCheck, ...signing } = options;
  if (calls.length === 0) return { kind: 'not-made', why: 'there is nothing to register' };
  if (signer === undefined) return { kind: 'not-made', why: 'the key that signs stayed locked' };
  for (const { target, call } of calls) {
    const verdict = await nodeCheck(chain, call, { signer, ...signing });
    if (!verdict.valid) return { kind: 'refused', target, failure: verdict.failure };
  }
  return { kind: 'valid', checked: calls.length };
}
