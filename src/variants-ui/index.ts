export { ProvingCommand } from './command.ts';
export { gateFlags, gateTerms } from './flags.ts';
