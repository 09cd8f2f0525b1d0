export { type HubDataset, STRANGER, startHubWith } from './datasets.ts';
export type { Fault, Step } from './faults.ts';
export type { HubUser } from './people.ts';
export { type HubDouble, type HubDoubleOptions, startHubDouble, TOKEN } from './server.ts';
