export { DataCommand } from './command.ts';
export { importFlags, importRules, sharesOf, writeFlags } from './flags.ts';
