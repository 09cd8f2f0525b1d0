import type * as Heavy from './heavy.ts';

export type { EffectiveSetting, SettingValue } from './effective.ts';
export {
  cacheFolder,
  configPath,
  dataFolder,
  expandHome,
  isThere,
  ourSurroundings,
  readIfThere,
  type Surroundings,
  storeFile,
  writeWhole,
} from './files.ts';
export type { InitPlan, InitQuestion } from './init.ts';
export type { Loaded, LoadOptions, Origin } from './load.ts';
export {
  announcedPort,
  type ConfiguredMiner,
  hotkeysMeant,
  listedMiners,
  type MinersInView,
  minersInView,
  plainMiners,
  settingsOfMiner,
} from './miners.ts';
export { effectiveNetuid, NETWORKS, type Network, resolveNetwork } from './networks.ts';
export { OPTIONS, type OptionKey, type OptionNames, optionOfFlag, ownVariable } from './options.ts';
export type { ProfileName, ProfileSettings, SeatSettings, Settings, StageSettings } from './schema/index.ts';
export { profileBundle, profileRuns, stageProfile } from './stages.ts';
export { settingText } from './text.ts';
export { walletPathWithoutFile } from './wallet-folder.ts';

type Door<Name extends keyof typeof Heavy> = (
  ...args: Parameters<(typeof Heavy)[Name]>
) => Promise<Awaited<ReturnType<(typeof Heavy)[Name]>>>;

const heavy = () => import('./heavy.ts');

// The heavy half is loaded when one of these is first called.
export const loadSettings: Door<'loadSettings'> = async (...args) => (await heavy()).loadSettings(...args);
export const effectiveSettings: Door<'effectiveSettings'> = async (...args) =>
  (await heavy()).effectiveSettings(...args);
export const settingKey: Door<'settingKey'> = async (...args) => (await heavy()).settingKey(...args);
export const setSetting: Door<'setSetting'> = async (...args) => (await heavy()).setSetting(...args);
export const unsetSetting: Door<'unsetSetting'> = async (...args) => (await heavy()).unsetSetting(...args);
export const planInit: Door<'planInit'> = async (...args) => (await heavy()).planInit(...args);
export const writeInit: Door<'writeInit'> = async (...args) => (await heavy()).writeInit(...args);
