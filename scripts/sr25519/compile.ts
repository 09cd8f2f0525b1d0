import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { COMPILER, compileAssemblyScript } from '../assemblyscript.ts';

const sources = new URL('../../src/axon/sr25519/assembly/', import.meta.url);
/** 256 KiB, all of which the base point's table and room for one more take. */
const PAGES = '4';
const OPTIONS = [
  '-O3',
  '--runtime',
  'stub',
  '--noAssert',
  '--initialMemory',
  PAGES,
  '--maximumMemory',
  PAGES,
];

/** Compiles the arithmetic of signature checks to WebAssembly. */
export function compileVerifier(): Promise<Uint8Array> {
  const read = (name: string) => readFile(new URL(name, sources), 'utf8').catch(() => null);
  return compileAssemblyScript('verify', read, OPTIONS);
}

/** SHA-256 of all that the module is made of, to tell without the compiler whether one is current. */
export async function digestOfSources(): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([COMPILER, OPTIONS]));
  for (const name of (await readdir(sources)).sort()) {
    hash.update(`\n${name}\n`).update(await readFile(new URL(name, sources)));
  }
  return hash.digest('hex');
}
