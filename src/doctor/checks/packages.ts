import { readFileSync } from 'node:fs';
import { createRequire, findPackageJSON } from 'node:module';
import { join } from 'node:path';
import type { Check, Finding } from '../types.ts';

interface Manifest {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** Native packages: installed is not enough, this machine must be able to load them. */
const NATIVE = ['sharp', 'onnxruntime-node'];

/** Whether the packages sv72 was made with are the ones that are installed, and whether the native ones load. */
export const packages: Check = {
  id: 'packages',
  title: 'installed packages',
  async run({ packageRoot }) {
    const own = join(packageRoot, 'package.json');
    const { dependencies = {}, optionalDependencies = {} }: Manifest = JSON.parse(readFileSync(own, 'utf8'));
    const wanted = { ...dependencies, ...optionalDependencies };
    const findings = Object.entries(wanted).flatMap(([name, version]) => compared(name, version, own));
    const load = createRequire(own);
    for (const name of NATIVE) {
      try {
        load(name);
      } catch (error) {
        findings.push({
          status: 'failed',
          sentence: `${name} does not load here: ${firstLine(error)}`,
          fix: 'npm install --global sv72',
        });
      }
    }
    if (findings.length > 0) return findings;
    return {
      status: 'ok',
      sentence: `All ${Object.keys(wanted).length} packages have the versions sv72 was made with, and the native ones load.`,
    };
  },
};

function compared(name: string, wanted: string, from: string): Finding[] {
  const path = findPackageJSON(name, from);
  if (path === undefined) {
    return [{ status: 'failed', sentence: `${name} is not installed.`, fix: 'npm install --global sv72' }];
  }
  const { version }: Manifest = JSON.parse(readFileSync(path, 'utf8'));
  if (version === wanted) return [];
  return [
    {
      status: 'warning',
      sentence: `${name} is ${version}; sv72 was made with ${wanted}.`,
      fix: 'npm install --global sv72',
    },
  ];
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n')[0] ?? '';
}
