export { JobCommand } from './command.ts';
export { type JobFlags, jobFlags } from './flags.ts';
export { jobTable } from './table.ts';
export { duration, progressText } from './text.ts';
