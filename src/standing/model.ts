import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MANIFEST_NAME, parseManifest } from '../bundle/index.ts';

export interface ModelAge {
  readonly name: string;
  readonly version: string;
  /** When the model was made, as its manifest says. */
  readonly madeAt: string;
  readonly ageDays: number;
}

const DAY_MS = 86_400_000;

/** Which model a bundle holds and how old it is; undefined when there is no readable bundle. Hashes are not checked. */
export function modelAge(bundle: string, now = Date.now()): ModelAge | undefined {
  try {
    const { name, version, provenance } = parseManifest(readFileSync(join(bundle, MANIFEST_NAME), 'utf8'));
    const ageDays = Math.max(0, (now - Date.parse(provenance.at)) / DAY_MS);
    return { name, version, madeAt: provenance.at, ageDays };
  } catch {
    return undefined;
  }
}
