export { findInstallation, installLine, rehearsalFolder } from './installation.ts';
export type {
  Rehearsal,
  RehearsalProgress,
  RehearsedBalance,
  RehearsedCall,
  RehearsedSeat,
  RehearseOptions,
} from './types.ts';
