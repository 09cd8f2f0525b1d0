export { type AgedRelease, ageLines, agesOf } from './ages.ts';
export { calendarText, writeCalendar } from './calendar.ts';
export { type ChannelName, openChannel, secretPlaces } from './channels/open.ts';
export type { Place } from './conditions.ts';
export {
  type Cycle,
  cycleOf,
  MILESTONES,
  type Milestone,
  type Phase,
  rewardFactor,
  type Schedule,
  scheduleProblem,
  USUAL_SCHEDULE,
} from './cycle.ts';
export { DONE, type LookOptions, look, type Outlook } from './look.ts';
export { type Message, messageOf } from './message.ts';
export {
  labelOf,
  type ModelOutlook,
  milestoneKey,
  type Names,
  type Notice,
  percent,
  type State,
  short,
  WORDS,
} from './notice.ts';
export { type Channel, type Reminded, remind } from './remind.ts';
export { remindOnce, STATE_EXITS } from './remind-once.ts';
export { type CycleEnd, type CycleRun, runCycle } from './run/cycle-run.ts';
export { endLeftOver } from './run/left-over.ts';
export { newRun, openRun, type RunRecord } from './run/record.ts';
export { type RunSv72, spawner } from './run/spawn.ts';
export {
  commandOf,
  minerOf,
  nextVersion,
  type RunPlan,
  STEPS,
  type Step,
  type StepWords,
  stepWords,
} from './run/step.ts';
export { scheduleOf } from './schedule.ts';
export {
  chooseScheduler,
  install,
  installText,
  mustBeOwnUser,
  scheduled,
  schedulerProblems,
  uninstall,
} from './scheduler/install.ts';
export { ourMachine } from './scheduler/machine.ts';
export { type Launch, logPath, scriptPath } from './scheduler/script.ts';
export type { DateSource, Submission } from './submission.ts';
export { testChannels } from './test-message.ts';
