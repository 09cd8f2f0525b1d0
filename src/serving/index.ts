export { type ContainerState, followLines } from './containers.ts';
export { type EnsureOptions, ensureServers, ourPerson } from './ensure.ts';
export { type ServerLog, serverLog } from './logs.ts';
export { planProfiles } from './plan-profiles.ts';
export { type Prepared, type PreparedServer, prepareServers, servingFolders } from './prepare.ts';
export { probe } from './probe.ts';
export { type Rendered, writeRendered } from './render/index.ts';
export { RENDER_KINDS, type RenderKind } from './render/types.ts';
export { chooseEngine, type EngineChoice, renderingEngine } from './runtime.ts';
export { chooseMiners } from './service/choice.ts';
export {
  type FoundService,
  findServices,
  installService,
  uninstallServices,
} from './service/service.ts';
export { serviceFor, serviceWarnings } from './service/spec.ts';
export { type Systemctl, systemctl } from './service/systemctl.ts';
export { type DownServer, downServers, type ServerStatus, serverStatus } from './status.ts';
export { downLines, planLines, statusLines, upLines } from './text.ts';
export { engineSource, writeRepository } from './triton/repository.ts';
export type { WantedModel } from './types.ts';
export { type UpOptions, type UpServer, upServers } from './up.ts';
export { gib, type PlacedModel, planVram, type VramModel, type VramPlan } from './vram/plan.ts';
export { type WantedPlaces, wantedModels } from './wanted.ts';
