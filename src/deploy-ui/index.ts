export { DeployCommand } from './command.ts';
export { bundleArg, minerFlag, probeFlags, shareFlag, trialOrder } from './flags.ts';
export { localTime } from './render.ts';
