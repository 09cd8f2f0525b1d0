import type { CallTable } from '../model.ts';
import type { World } from '../world/index.ts';
import { registrationCalls } from './registration.ts';
import { servingCalls } from './serving.ts';

export const calls: CallTable<World> = { ...registrationCalls, ...servingCalls };
