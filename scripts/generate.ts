/**
 * Writes what is generated from the sources: the JSON Schema of sv72.yaml and those of the commands' results.
 * With --check it writes nothing and fails when a file is not current.
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { settingsJsonSchema } from '../src/config/index.ts';
import { FAILURE, RESULTS } from '../src/results/index.ts';

const root = new URL('..', import.meta.url);
const check = process.argv.includes('--check');

const files = new Map<string, object>([['sv72.schema.json', settingsJsonSchema()]]);
files.set('schemas/failure.json', z.toJSONSchema(FAILURE));
for (const [id, schema] of Object.entries(RESULTS)) {
  files.set(`schemas/${id.replaceAll(' ', '-')}.json`, z.toJSONSchema(schema, { unrepresentable: 'any' }));
}

const stale: string[] = [];
for (const [name, schema] of files) {
  const url = new URL(name, root);
  const text = `${JSON.stringify(schema, null, 2)}\n`;
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
  process.stderr.write(`Not current, run \`npm run build\`: ${stale.join(', ')}\n`);
  process.exitCode = 1;
}
