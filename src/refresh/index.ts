export { type AgedRelease, ageLines, agesOf } from './ages.ts';
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
export { scheduleOf } from './schedule.ts';
