import type { ProjectionTable } from '../model.ts';
import type { World } from '../world/index.ts';
import { accountItems } from './accounts.ts';
import { subnetItems } from './subnets.ts';

export const projections: ProjectionTable<World> = { ...subnetItems, ...accountItems };
