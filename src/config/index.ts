export { setSetting, settingKey, unsetSetting } from './edit.ts';
export { type EffectiveSetting, effectiveNetuid, effectiveSettings, type SettingValue } from './effective.ts';
export {
  configPath,
  dataFolder,
  expandHome,
  ourSurroundings,
  readIfThere,
  type Surroundings,
  writeWhole,
} from './files.ts';
export { fromMinerEnv, parseEnvFile } from './foreign.ts';
export { type InitPlan, type InitQuestion, planInit, writeInit } from './init.ts';
export { type Loaded, type LoadOptions, loadSettings, type Origin, parseConfigFile } from './load.ts';
export { NETWORKS, type Network, resolveNetwork } from './networks.ts';
export { OPTIONS, type OptionKey, type OptionNames, optionOfFlag, ownVariable } from './options.ts';
export { type ProfileName, type ProfileSettings, type Settings, settingsSchema } from './schema.ts';
export { configTemplate, settingsJsonSchema } from './template.ts';
export { getAt, parseText, settingsTree } from './tree.ts';
