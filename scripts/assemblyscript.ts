import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

/** The compiler takes 0.1 GB with what it needs, so it is no dependency: it comes from npm when the cache has none. */
export const COMPILER = 'assemblyscript@0.28.20';

const cache = resolve(
  process.env.SV72_TOOL_CACHE ?? fileURLToPath(new URL('../.cache/tools', import.meta.url)),
);

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

/**
 * Compiles AssemblyScript. Sources are `.as` files, so that nothing takes them for TypeScript.
 * @param entry without its ending
 * @param read gives a source by its name (`entry.as`), null when there is none
 * @param options of the compiler
 */
export async function compileAssemblyScript(
  entry: string,
  read: (name: string) => Promise<string | null>,
  options: readonly string[],
): Promise<Uint8Array> {
  const compiler: Compiler = (await import(await compilerFile('assemblyscript/dist/asc.js'))).default;
  let output: Uint8Array | undefined;
  const said: string[] = [];
  const hear = { write: (chunk: Uint8Array | string) => said.push(chunk.toString()) };
  const { error } = await compiler.main([`${entry}.ts`, '-o', 'out.wasm', ...options], {
    readFile: async (name) => (/^\w+\.ts$/.test(name) ? read(name.replace(/\.ts$/, '.as')) : null),
    writeFile: (_name, contents) => {
      if (typeof contents !== 'string') output = contents;
    },
    stderr: hear,
    stdout: hear,
  });
  if (error || output === undefined)
    throw new Error(`${entry} does not compile:\n${said.join('')}`, { cause: error });
  return output;
}

/** URL of a file of the compiler's packages. */
export async function compilerFile(path: string): Promise<string> {
  return pathToFileURL(join(await installed(), 'node_modules', path)).href;
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
