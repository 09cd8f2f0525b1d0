export { isAlive, type ProcessId, processId, signalProcess } from '../processes/index.ts';
export { attachJob } from './attach.ts';
export { removeContainer } from './engine/containers.ts';
export { type Engine, findEngine } from './engine/engine.ts';
export { hasImage, pullCommand } from './engine/images.ts';
export { type Person, userArguments } from './engine/run-arguments.ts';
export { mustBeDone, mustHaveBegun } from './failure.ts';
export { foldersOf } from './folders.ts';
export { type Gpu, listGpus } from './gpu/nvidia-smi.ts';
export { foldersInUse, isRunning, type JobStatus, type ListedJob, listJobs } from './list.ts';
export { type JobLog, readJobLog } from './logs.ts';
export { jobPlaces } from './places.ts';
export { planJob } from './plan.ts';
export { type ProgramEnd, runProgram } from './program.ts';
export { runJob } from './run.ts';
export { shellLine } from './shown.ts';
export { type StoppedJob, stopJob } from './stop.ts';
export type {
  Check,
  CommandWord,
  GpuChoice,
  ImageChoice,
  JobLimits,
  JobNeeds,
  JobOptions,
  JobOutcome,
  JobPlaces,
  JobPlan,
  JobRecord,
  JobResult,
  JobSpec,
  Mount,
  Preparation,
  ProgressRecord,
  ResultRecord,
  RunOptions,
  Runtime,
  RuntimeChoice,
  WarningRecord,
} from './types.ts';
