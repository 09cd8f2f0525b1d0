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
