#!/usr/bin/env node
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [major, minor] = process.versions.node.split('.').map(Number);

if (major > 24 || (major === 24 && minor >= 7)) {
  enableCompileCache?.();
  const { main } = await import('../dist/src/ui/main.js');
  main(process.argv.slice(2), root);
} else {
  // A clone has the right Node among its development dependencies.
  const node = `${root}/node_modules/node/bin/node`;
  if (existsSync(node)) {
    const child = spawnSync(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
      stdio: 'inherit',
    });
    process.exit(child.status ?? 1);
  }
  process.stderr.write(
    `Error: sv72 needs Node.js 24.7 or newer, and this is ${process.versions.node}.\nInstall the current LTS release of Node.js and run the command again.\n`,
  );
  process.exit(2);
}
