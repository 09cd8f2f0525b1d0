export { DataCommand } from './command.ts';
export { sharesOf, writeFlags } from './flags.ts';
