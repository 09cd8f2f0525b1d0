import { writeFile } from 'node:fs/promises';
import { compileVerifier, digestOfSources } from './compile.ts';

const bytes = await compileVerifier();
const text = `/** Compiled from assembly/ by \`npm run build:sr25519\`. */
export const MODULE =
  '${Buffer.from(bytes).toString('base64')}';

export const SOURCES = '${await digestOfSources()}';
`;
await writeFile(new URL('../../src/axon/sr25519/module.ts', import.meta.url), text);
process.stdout.write(`src/axon/sr25519/module.ts: ${bytes.length} bytes of WebAssembly\n`);
