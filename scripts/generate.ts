/**
 * Writes what is generated from the sources: the manifest of the commands, the snapshot of the command surface,
 * the JSON Schema of sv72.yaml and those of the commands' results.
 * With --check it writes nothing and fails when a file is not current.
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Plugin } from '@oclif/core';
import { z } from 'zod';
import { settingsJsonSchema } from '../src/config/template.ts';
import { FAILURE, RESULTS } from '../src/results/index.ts';

const root = new URL('..', import.meta.url);
const check = process.argv.includes('--check');

const plugin = new Plugin({
  root: fileURLToPath(root),
  type: 'core',
  ignoreManifest: true,
  errorOnManifestCreate: true,
  respectNoCacheDefault: true,
});
await plugin.load();
// The order of files differs from one file system to the next.
const commands = Object.entries(plugin.manifest.commands).sort(([a], [b]) => (a < b ? -1 : 1));

/** Ids, flags and arguments of all commands: what scripts of users rely on, so a change in it must be meant. */
function surface(): object {
  return commands.map(([id, command]) => ({
    command: id.replaceAll(':', ' '),
    aliases: [...command.aliases, ...command.hiddenAliases].map((alias) => alias.replaceAll(':', ' ')).sort(),
    args: Object.keys(command.args),
    flags: Object.values(command.flags)
      .map((flag) =>
        [
          `--${flag.name}`,
          flag.char && `-${flag.char}`,
          ...(flag.aliases ?? []).map((a) => `--${a}`),
          flag.env,
        ]
          .filter((name) => name !== undefined)
          .join(' '),
      )
      .sort(),
  }));
}

const files = new Map<string, object>([
  ['oclif.manifest.json', { ...plugin.manifest, commands: Object.fromEntries(commands) }],
  ['test/commands.snapshot.json', surface()],
  ['sv72.schema.json', settingsJsonSchema()],
  ['schemas/failure.json', z.toJSONSchema(FAILURE)],
]);
for (const [id, schema] of Object.entries(RESULTS)) {
  files.set(`schemas/${id.replaceAll(' ', '-')}.json`, z.toJSONSchema(schema, { unrepresentable: 'any' }));
}

const stale: string[] = [];
for (const [name, content] of files) {
  const url = new URL(name, root);
  const text = `${JSON.stringify(content, null, 2)}\n`;
  if (existsSync(url) && readFileSync(url, 'utf8') === text) continue;
  stale.push(name);
  if (!check) writeFileSync(url, text);
}
for (const name of readdirSync(new URL('schemas/', root))) {
  if (files.has(`schemas/${name}`)) continue;
  stale.push(`schemas/${name}`);
  if (!check) rmSync(new URL(`schemas/${name}`, root));
}
if (check && stale.length > 0) {
  process.stderr.write(`Not current, run \`npm run generate\` and commit: ${stale.join(', ')}\n`);
  process.exitCode = 1;
}
