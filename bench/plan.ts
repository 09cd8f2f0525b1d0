import type { JunkKind } from './load/index.ts';
import { JUNK_KINDS } from './phases/junk.ts';

/** How long and how much each phase takes. */
export interface Plan {
  readonly rateMs: number;
  readonly refusalMs: number;
  readonly junkMs: number;
  /** Under junk the SDK's axons are only shown what they do, not measured finely. */
  readonly peerJunkMs: number;
  /** Kinds of junk that the SDK's axons are shown. */
  readonly peerJunk: readonly JunkKind[];
  /** Whether ours gets its junk from many addresses, too. */
  readonly manySources: boolean;
  readonly startRuns: number;
  readonly memoryRequests: number;
  readonly overheadRequests: number;
  readonly cliRuns: number;
  readonly cascadePictures: number;
  /** Pictures that several hotkeys are asked about. */
  readonly sharedPictures: number;
  readonly signatureChecks: number;
  /** Steps of the trainer's benchmark. */
  readonly trainingSteps: number;
  /** Whether variants of large nets are measured, too. */
  readonly largeVariants: boolean;
}

export const FULL: Plan = {
  rateMs: 5_000,
  refusalMs: 3_000,
  junkMs: 6_000,
  peerJunkMs: 3_000,
  peerJunk: JUNK_KINDS,
  manySources: true,
  startRuns: 3,
  memoryRequests: 100_000,
  overheadRequests: 500,
  cliRuns: 15,
  cascadePictures: 2_000,
  sharedPictures: 500,
  signatureChecks: 2_000,
  trainingSteps: 40,
  largeVariants: true,
};

/** Shows that everything works; its numbers are too rough to be quoted. */
export const QUICK: Plan = {
  rateMs: 1_000,
  refusalMs: 500,
  junkMs: 1_500,
  peerJunkMs: 1_000,
  peerJunk: ['unknown-route'],
  manySources: false,
  startRuns: 1,
  memoryRequests: 2_000,
  overheadRequests: 50,
  cliRuns: 3,
  cascadePictures: 400,
  sharedPictures: 40,
  signatureChecks: 100,
  trainingSteps: 4,
  largeVariants: false,
};
