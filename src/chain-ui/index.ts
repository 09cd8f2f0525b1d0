export { type At, ChainCommand } from './command.ts';
export { type ConnectFor, connectFor } from './connect.ts';
export { sendFlags, watchFlags } from './flags.ts';
export { block, type Column, csv, table } from './table.ts';
