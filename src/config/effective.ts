import type { Loaded, Origin } from './load.ts';
import { effectiveNetuid } from './networks.ts';
import { getAt, settingsTree } from './tree.ts';

/** A value of the configuration, as JSON has it. */
export type SettingValue = string | number | boolean | null | (string | Record<string, unknown>)[];

/** One setting with its value and where that came from. */
export interface EffectiveSetting {
  key: string;
  value: SettingValue;
  origin: Origin;
}

/** Every setting in the order of the schema, the subnet resolved. */
export function effectiveSettings(loaded: Loaded): EffectiveSetting[] {
  return [...settingsTree().leaves.keys()].map((key) => {
    const origin = loaded.origins.get(key) ?? { from: 'default', name: 'default' };
    const value =
      key === 'netuid' ? effectiveNetuid(loaded.settings) : (getAt(loaded.settings, key) as SettingValue);
    return { key, value, origin };
  });
}
