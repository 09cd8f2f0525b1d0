export { Fleet, type FleetAnswer, type Mode } from './fleet.ts';
export { identityOf } from './identity.ts';
export { type Pointer, readPointer } from './pointer.ts';
export type { DeployRules } from './rules.ts';
export type { LoadedModel, ModelIdentity } from './running.ts';
export {
  createDeployService,
  type DeployEvent,
  type DeployService,
  nameOf,
} from './service.ts';
