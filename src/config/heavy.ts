/** What needs the schema (zod) or YAML: loaded on first use, so that commands start fast. */

export { setSetting, settingKey, unsetSetting } from './edit.ts';
export { effectiveSettings } from './effective.ts';
export { planInit, writeInit } from './init.ts';
export { loadSettings } from './load.ts';
