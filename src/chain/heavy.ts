export { connectChain } from './connect.ts';
export { rehearse } from './rehearse/rehearse.ts';
export { dryRun } from './transactions/dry-run.ts';
export { estimateFee } from './transactions/fee.ts';
export { outcomeOf } from './transactions/outcome.ts';
export { submit } from './transactions/submit.ts';
