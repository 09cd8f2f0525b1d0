#!/usr/bin/env node
// Runs the sources as they are: Node strips the types.
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main } from '../src/ui/main.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const pjson = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
pjson.oclif.commands = './commands';
main(process.argv.slice(2), root, { pjson, ignoreManifest: true });
