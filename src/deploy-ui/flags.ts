import { resolve } from 'node:path';
import { Args, Flags } from '@oclif/core';
import { Sv72Error } from '../errors/index.ts';
import { withEnv } from '../ui/index.ts';
import { drawnProbes, probesOfFolder } from './probes.ts';

/** Which of the miners of this machine. */
export const minerFlag = withEnv({
  miner: Flags.string({
    summary:
      'hotkey of the running miner, by its name in the wallet or its address; needed where several run',
  }),
});

export const bundleArg = {
  bundle: Args.string({ description: 'folder with the sv72.json of the new model', required: true }),
};

/** Labelled pictures that both models are asked before the new one gets a request. */
export const probeFlags = withEnv({
  probes: Flags.integer({
    summary: 'labelled pictures that both models are asked first; 0 asks none',
    default: 12,
    min: 0,
    max: 200,
  }),
  'probe-images': Flags.string({
    summary: 'folder with sub-folders roadwork and none to take them from (default: drawn scenes)',
  }),
});

/** @param fallback where the flag was left out */
export function shareFlag(fallback: string) {
  return withEnv({
    share: Flags.string({ summary: 'share of the pictures, by their hash: 10% or 0.1', default: fallback }),
  });
}

/** @throws Sv72Error ERR_USAGE for what is no share above 0 and up to 1. */
function shareOf(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(%?)$/.exec(text.trim());
  const share = match === null ? Number.NaN : Number(match[1]) / (match[2] === '%' ? 100 : 1);
  if (share > 0 && share <= 1) return share;
  throw new Sv72Error('ERR_USAGE', `"${text}" is no share; --share takes one such as 10% or 0.1.`);
}

/** Flags of a command that lets a model be tried, as they are parsed. */
export interface TrialFlags {
  readonly miner: string | undefined;
  readonly share: string;
  readonly probes: number;
  readonly 'probe-images': string | undefined;
}

/** What an order to try a model says. @throws ERR_USAGE, ERR_FILE_READ, ERR_IMAGE_FOLDER */
export async function trialOrder(
  bundle: string,
  { share, probes: count, 'probe-images': folder }: TrialFlags,
) {
  const probes =
    count === 0 ? [] : folder === undefined ? await drawnProbes(count) : await probesOfFolder(folder, count);
  return { bundle: resolve(bundle), share: shareOf(share), probes };
}
