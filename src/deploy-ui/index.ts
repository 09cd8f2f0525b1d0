export { DeployCommand } from './command.ts';
export { bundleArg, minerFlag } from './flags.ts';
export { localTime } from './render.ts';
export { TrialCommand, trialFlags } from './trial.ts';
