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

/** What the node says to a signed registration that is not sent. */
export type SignedCheck =
  | { readonly kind: 'valid' }
  | { readonly kind: 'refused'; readonly failure: ChainFailure }
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
 * Signs the first call as it would be sent and lets the node judge it; nothing is sent.
 * @param signer undefined when the key cannot be opened without asking
 */
export async function checkSigned(
  chain: Chain,
  calls: readonly PlannedCall[],
  options: { readonly signer: ChainSigner | undefined; readonly nodeCheck: NodeCheck },
): Promise<SignedCheck> {
  const [first] = calls;
  if (first === undefined)
    return { kind: 'not-made', why: 'there is no call before a proof of work is found' };
  if (options.signer === undefined) {
    return { kind: 'not-made', why: 'the key that signs is locked, and a dry run asks for no password' };
  }
  const verdict = await options.nodeCheck(chain, first.call, { signer: options.signer });
  return verdict.valid ? { kind: 'valid' } : { kind: 'refused', failure: verdict.failure };
}
