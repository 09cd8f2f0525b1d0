export { ServingCommand } from './command.ts';
export { containerFlag, profileFlags } from './flags.ts';
export { ourServices, systemdOf } from './services.ts';
