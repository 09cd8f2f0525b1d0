import type { ChainState, RuntimeModel } from './model.ts';

export type World = ChainState;

export const scenarioNames: readonly string[] = ['default'];

export function createWorld(_scenario: string, now: number): World {
  return { blockNumber: 5_000_000, timestamp: now, accounts: new Map() };
}

export const runtime: RuntimeModel<World> = {
  calls: {},
  projections: {},
  runtimeApis: {},
  advance: () => [],
};
