import { writeFileSync } from 'node:fs';
import { compileRuntime } from './compile.ts';

const bytes = await compileRuntime();
writeFileSync(new URL('runtime.wasm', import.meta.url), bytes);
process.stdout.write(`runtime.wasm: ${bytes.length} bytes\n`);
