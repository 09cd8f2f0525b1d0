import type { Chain, ChainSigner } from '../types.ts';
import type { PlannedCall, SignedCheck } from './dry-run.ts';
import type * as WithWork from './dry-run-work.ts';
import type { WorkCheckOptions } from './dry-run-work.ts';
import type { Preparation, PrepareOptions } from './prepare.ts';
import type { Registered, RegisterRequest } from './request.ts';
import type { RegisterOptions } from './story.ts';

// The half that reads, signs and sends is loaded when one of these is first called.

/** As `registerHotkeys` of the story, with the transactions of this module. */
export async function registerHotkeys(
  options: Omit<RegisterOptions, 'transactions'>,
): Promise<readonly Registered[]> {
  const [story, { submit, outcomeOf, estimateFee }] = await Promise.all([
    import('./story.ts'),
    import('../heavy.ts'),
  ]);
  return await story.registerHotkeys({ ...options, transactions: { submit, outcomeOf, estimateFee } });
}

/** Reads, makes the bill, and refuses what the chain would refuse; see `prepareRegistration`. */
export async function prepareRegistration(
  chain: Chain,
  request: RegisterRequest,
  options: Pick<PrepareOptions, 'waitFor' | 'archive'> = {},
): Promise<Preparation> {
  const [prepare, { estimateFee }] = await Promise.all([import('./prepare.ts'), import('../heavy.ts')]);
  return await prepare.prepareRegistration(chain, request, { ...options, estimateFee });
}

/** Lets the node judge the signed registrations; nothing is sent. */
export async function checkRegistration(
  chain: Chain,
  calls: readonly PlannedCall[],
  signer: ChainSigner | undefined,
): Promise<SignedCheck> {
  const [{ checkSigned }, { dryRun }] = await Promise.all([import('./dry-run.ts'), import('../heavy.ts')]);
  return await checkSigned(chain, calls, { signer, nodeCheck: dryRun });
}

/** Searches for a proof of work and lets the node judge the registration with it; nothing is sent. */
export async function checkWithWork(
  chain: Chain,
  preparation: Preparation,
  options: WorkCheckOptions,
): ReturnType<typeof WithWork.checkWithWork> {
  const [work, { dryRun }] = await Promise.all([import('./dry-run-work.ts'), import('../heavy.ts')]);
  return await work.checkWithWork(chain, preparation, { ...options, nodeCheck: dryRun });
}

/** Tries a second that a search for proof of work makes on this machine. */
export async function measureWork(threads: number | undefined): Promise<number> {
  return await (await import('./pow/index.ts')).measureRate({ threads });
}
