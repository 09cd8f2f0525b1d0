import { readFile } from 'node:fs/promises';
import { compileAssemblyScript, compilerFile } from '../../../scripts/assemblyscript.ts';
import { metadataModule, servedMetadata } from './constants.ts';

/** Where bytes.as ends its own memory and the host's heap begins; a page is 64 KiB. */
const HEAP_BASE = 0x400000;
const PAGES = 80;

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

/** Compiles assembly/ to a runtime. */
export async function compileRuntime(): Promise<Uint8Array> {
  const constants = metadataModule(servedMetadata());
  const options = [
    '-Oz',
    '--runtime',
    'stub',
    '--importMemory',
    '--noExportMemory',
    '--initialMemory',
    String(PAGES),
    '--noAssert',
  ];
  const older = ['bulk-memory', 'sign-extension', 'nontrapping-f2i'].flatMap((one) => ['--disable', one]);
  const read = async (name: string): Promise<string | null> => {
    if (name === 'metadata.as') return constants;
    return readFile(new URL(`assembly/${name}`, import.meta.url), 'utf8').catch(() => null);
  };
  const output = await compileAssemblyScript('runtime', read, [...options, ...older]);
  const binaryen: Binaryen = (await import(await compilerFile('assemblyscript/lib/binaryen.js'))).default;
  const module = binaryen.readBinary(output);
  module.addGlobal('heap', binaryen.i32, false, module.i32.const(HEAP_BASE));
  module.addGlobalExport('heap', '__heap_base');
  return module.emitBinary();
}
