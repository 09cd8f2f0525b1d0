import { advance } from './advance.ts';
import { calls } from './calls/index.ts';
import type { RuntimeModel } from './model.ts';
import { projections } from './projections/index.ts';
import { runtimeApis } from './runtime-apis/index.ts';
import type { World } from './world/index.ts';

export {
  aboutScenario,
  createScenario as createWorld,
  FUNDED,
  OWNER,
  pastOf,
  scenarioNames,
  VALIDATORS,
} from './scenarios/index.ts';
export type { World } from './world/index.ts';

/** Everything of subtensor that the node does not do itself. */
export const runtime: RuntimeModel<World> = { calls, projections, runtimeApis, advance };
