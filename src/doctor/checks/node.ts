import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Check } from '../types.ts';

/** The Node.js that runs sv72, against what package.json asks for. */
export const nodeVersion: Check = {
  id: 'node',
  title: 'Node.js',
  async run({ packageRoot }) {
    const { engines } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));
    const wanted = String(engines.node).replace('>=', '');
    const have = process.versions.node;
    if (!isAtLeast(have, wanted)) {
      return {
        status: 'failed',
        sentence: `Node.js ${have} is older than ${wanted}, which sv72 needs.`,
        fix: 'npm install --global n && n 24',
      };
    }
    if (Number(have.split('.')[0]) % 2 === 1) {
      return {
        status: 'warning',
        sentence: `Node.js ${have} is not a long-term release.`,
        fix: 'npm install --global n && n 24',
      };
    }
    return { status: 'ok', sentence: `Node.js ${have} (needs ${wanted} or newer).` };
  },
};

/** Whether version `have` is `wanted` or newer; both are numbers with dots. */
export function isAtLeast(have: string, wanted: string): boolean {
  const [a, b] = [have, wanted].map((text) => text.split('.').map(Number));
  for (const [index, part] of (b ?? []).entries()) {
    const ours = a?.[index] ?? 0;
    if (ours !== part) return ours > part;
  }
  return true;
}
