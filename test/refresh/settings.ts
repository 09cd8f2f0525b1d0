import { settingsSchema } from '../../src/config/schema/index.ts';
import type { LookOptions } from '../../src/refresh/index.ts';

type Given = LookOptions['settings'];

/** The default settings with these of `refresh` changed; the disk is not looked at. */
export function settings(refresh: Record<string, unknown> = {}, hub: Record<string, unknown> = {}): Given {
  return settingsSchema.parse({ refresh: { min_free_gib: 0, ...refresh }, hub });
}
