import type { RuntimeApiTable } from '../model.ts';
import type { World } from '../world/index.ts';
import { neuronApis } from './neurons.ts';
import { proxyApis } from './proxies.ts';
import { stakeApis } from './stakes.ts';
import { subnetApis } from './subnets.ts';

export const runtimeApis: RuntimeApiTable<World> = {
  ...neuronApis,
  ...subnetApis,
  ...stakeApis,
  ...proxyApis,
};
