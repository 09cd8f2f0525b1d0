export { ServingCommand } from './command.ts';
export { containerFlag, profileFlags } from './flags.ts';
