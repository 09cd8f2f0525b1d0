export { DataCommand } from './command.ts';
export { commandLine } from './command-line.ts';
export { importFlags, importRules, sharesOf, writeFlags } from './flags.ts';
export { size } from './numbers.ts';
export { summaryJson, summaryLines } from './summary.ts';
export { writtenJson, writtenLines } from './written.ts';
