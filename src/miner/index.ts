export {
  type ChallengeRun,
  type ChallengeTarget,
  type ImagesOptions,
  renderAnswer,
  renderSummary,
  resolveTargets,
  runChallenges,
  type ScoredAnswer,
  type TargetReport,
  type TargetSummary,
  type TargetsOptions,
} from './challenge/index.ts';
export { answerClipFiles, type ClipAnswer } from './clip-files.ts';
export { type DemoOptions, type DemoResult, type DemoStep, runDemo } from './demo/index.ts';
export { renderDemoSummary } from './demo/render.ts';
export type {
  ChallengeEvent,
  ListeningEvent,
  MinerEvent,
  NoteEvent,
  RefusedEvent,
  StoppedEvent,
} from './events.ts';
export { type GroupPlan, planMiners, planOneGroup, type Seat, unservedWarning } from './groups.ts';
export { createLineSink, type LineSink } from './line-sink.ts';
export { liveBundle } from './live-bundle.ts';
export { findLocalMiners } from './local-miners.ts';
export type { LocalMiner } from './lock.ts';
export { type Miner, type MinerOptions, startMiner } from './miner.ts';
export { ModelNotes } from './model-notes.ts';
export { closeStages, openStages } from './models.ts';
export { demoBundle } from './package-files.ts';
export { type PlanOptions, planServe, type ServePlan } from './plan.ts';
export { type ProfilePlan, planProfile } from './profile-plan.ts';
export { renderEvent } from './render.ts';
export { seatHotkeys } from './seats.ts';
export { type ServeOptions, serveUntilStopped } from './serve.ts';
export { type PlannedServer, planServer } from './server-plan.ts';
export { listenForSignals } from './signals.ts';
export type { ListeningAxon, MinerStatus } from './status.ts';
