import { join } from 'node:path';

/** The demonstration model that comes with sv72. */
export function demoBundle(packageRoot: string): string {
  return join(packageRoot, 'models', 'demo');
}
