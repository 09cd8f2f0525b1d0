import { Sv72Error } from '../../errors/index.ts';
import type { Chain, ChainSigner } from '../types.ts';
import { unregistered } from './bills.ts';
import { composeRegistration } from './call.ts';
import { checkSigned, type NodeCheck, type PlannedCall, type SignedCheck } from './dry-run.ts';
import { type Preparation, proxyUse } from './prepare.ts';
import { coldkeyOf, type RegisterContext } from './request.ts';
import { WORK_ERA } from './send.ts';
import { freshProof } from './work.ts';

export interface WorkCheckOptions extends Pick<RegisterContext, 'onNews' | 'signal' | 'now'> {
  readonly signer: ChainSigner;
  readonly threads?: number | undefined;
  readonly timeoutMs: number;
}

/**
 * Searches for a proof for the first hotkey and lets the node judge the registration with it; nothing is sent.
 * @throws as `mine`, but for the time being over
 */
export async function checkWithWork(
  chain: Chain,
  { request, survey }: Preparation,
  options: WorkCheckOptions & { readonly nodeCheck: NodeCheck },
): Promise<{ readonly calls: readonly PlannedCall[]; readonly check: SignedCheck }> {
  const { signer, threads, timeoutMs, nodeCheck, ...context } = options;
  const target = unregistered(survey)[0]?.target;
  const coldkey = coldkeyOf(request);
  if (target === undefined || coldkey === undefined) {
    return { calls: [], check: { kind: 'not-made', why: 'there is nothing to register' } };
  }
  const { netuid } = request;
  try {
    const pow = { threads, timeoutMs };
    const proof = await freshProof({ chain, ...context }, { target, coldkey, netuid, pow });
    const wanted = { way: 'pow', netuid, hotkey: target.ss58, proof } as const;
    const calls = [{ target, call: composeRegistration(chain, wanted, proxyUse(request, survey)) }];
    return { calls, check: await checkSigned(chain, calls, { signer, nodeCheck, eraBlocks: WORK_ERA }) };
  } catch (error) {
    if (!(error instanceof Sv72Error) || error.code !== 'ERR_POW_TIMEOUT') throw error;
    return { calls: [], check: { kind: 'not-made', why: 'no proof of work was found in a minute' } };
  }
}
