// Preloaded by a test: writes every package that is resolved to the file named by LIST_MODULES, at exit.
import { writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

const packages = new Set();
registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    const name = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(resolved.url)?.[1];
    if (name) packages.add(name);
    return resolved;
  },
});
process.on('exit', () => writeFileSync(process.env.LIST_MODULES, JSON.stringify([...packages].sort())));
