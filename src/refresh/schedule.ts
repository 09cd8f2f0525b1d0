import type { Settings } from '../config/index.ts';
import { Sv72Error } from '../errors/index.ts';
import { type Schedule, scheduleProblem } from './cycle.ts';

/**
 * The schedule of the configuration.
 *
 * @throws ERR_CONFIG_VALUE when its days contradict each other
 */
export function scheduleOf(refresh: Settings['refresh']): Schedule {
  const schedule: Schedule = {
    days: {
      checkpoint: refresh.checkpoint_day,
      train: refresh.train_day,
      upload: refresh.upload_day,
      verify: refresh.verify_day,
      expired: refresh.expired_day,
    },
    fullUntil: refresh.full_until_day,
    zeroFrom: refresh.zero_from_day,
  };
  const problem = scheduleProblem(schedule);
  if (problem === undefined) return schedule;
  throw new Sv72Error('ERR_CONFIG_VALUE', `The schedule in the settings makes no sense: ${problem}.`);
}
