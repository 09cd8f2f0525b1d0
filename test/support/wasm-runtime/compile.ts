import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { metadataModule, servedMetadata } from './constants.ts';

const COMPILER = 'assemblyscript@0.28.20';
/** Where bytes.as ends its own memory and the host's heap begins; a page is 64 KiB. */
const HEAP_BASE = 0x400000;
const PAGES = 80;

const here = dirname(fileURLToPath(import.meta.url));
const cache = resolve(process.env.SV72_TOOL_CACHE ?? resolve(here, '../../../.cache/tools'));

/** What is used of the compiler. */
interface Compiler {
  main(
    args: readonly string[],
    io: {
      readFile(name: string, folder: string): Promise<string | null>;
      writeFile(name: string, contents: Uint8Array | string): void;
      stderr: { write(chunk: Uint8Array | string): unknown };
      stdout: { write(chunk: Uint8Array | string): unknown };
    },
  ): Promise<{ error: Error | null }>;
}
interface Binaryen {
  readonly i32: number;
  readBinary(bytes: Uint8Array): BinaryenModule;
}
interface BinaryenModule {
  readonly i32: { const(value: number): number };
  addGlobal(name: string, type: number, mutable: boolean, init: number): void;
  addGlobalExport(name: string, external: string): void;
  emitBinary(): Uint8Array;
}

/** Compiles assembly/ to a runtime; the compiler comes from the npm registry when the cache has none. */
export async function compileRuntime(): Promise<Uint8Array> {
  const folder = await installed();
  const at = (path: string) => pathToFileURL(join(folder, 'node_modules/assemblyscript', path)).href;
  const compiler: Compiler = (await import(at('dist/asc.js'))).default;
  const binaryen: Binaryen = (await import(at('lib/binaryen.js'))).default;
  const constants = metadataModule(servedMetadata());
  let output: Uint8Array | undefined;
  const said: string[] = [];
  const hear = { write: (chunk: Uint8Array | string) => said.push(chunk.toString()) };
  const options = [
    '--runtime',
    'stub',
    '--importMemory',
    '--noExportMemory',
    '--initialMemory',
    String(PAGES),
    '--noAssert',
  ];
  const older = ['bulk-memory', 'sign-extension', 'nontrapping-f2i'].flatMap((one) => ['--disable', one]);
  const { error } = await compiler.main(['runtime.ts', '-o', 'out.wasm', '-Oz', ...options, ...older], {
    readFile: async (name) => {
      const source = name.replace(/\.ts$/, '.as');
      if (source === 'metadata.as') return constants;
      return /^\w+\.as$/.test(source)
        ? readFile(join(here, 'assembly', source), 'utf8').catch(() => null)
        : null;
    },
    writeFile: (_name, contents) => {
      if (typeof contents !== 'string') output = contents;
    },
    stderr: hear,
    stdout: hear,
  });
  if (error || output === undefined)
    throw new Error(`the runtime does not compile:\n${said.join('')}`, { cause: error });
  const module = binaryen.readBinary(output);
  module.addGlobal('heap', binaryen.i32, false, module.i32.const(HEAP_BASE));
  module.addGlobalExport('heap', '__heap_base');
  return module.emitBinary();
}

async function installed(): Promise<string> {
  const folder = join(cache, COMPILER.replace('@', '-'));
  if (existsSync(folder)) return folder;
  const building = `${folder}.${randomBytes(4).toString('hex')}.tmp`;
  await mkdir(building, { recursive: true });
  try {
    const options = ['--prefix', building, '--ignore-scripts', '--no-audit', '--no-fund'];
    await promisify(execFile)('npm', ['install', ...options, COMPILER]);
    await rename(building, folder);
  } catch (error) {
    await rm(building, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}
