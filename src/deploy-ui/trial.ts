import type { ResultOf } from '../results/index.ts';
import { DeployCommand } from './command.ts';
import { minerFlag, probeFlags, shareFlag, type TrialFlags, trialOrder } from './flags.ts';

/** A command that lets a model be tried beside the live one: `canary`, `shadow`, `ab`. */
export abstract class TrialCommand extends DeployCommand {
  protected async try(
    mode: 'canary' | 'shadow' | 'ab',
    { args, flags }: { readonly args: { readonly bundle: string }; readonly flags: TrialFlags },
  ): Promise<ResultOf<'deploy status'>> {
    return await this.order(flags.miner, mode, () => trialOrder(args.bundle, flags));
  }
}

/** The flags of such a command. @param share of the pictures, where the flag is left out */
export function trialFlags(share: string) {
  return { ...minerFlag, ...shareFlag(share), ...probeFlags };
}
