import type { SettingValue } from './effective.ts';

/** A value of the configuration on one line; what `config set` understands. */
export function settingText(value: SettingValue): string {
  if (!Array.isArray(value)) return String(value);
  return value.every((each) => typeof each === 'string') ? value.join(', ') : JSON.stringify(value);
}
