import { join } from 'node:path';
import { Sv72Error } from '../../errors/index.ts';
import { readChecked, writeChecked } from '../cache/files.ts';
import { fromHex, isHex } from '../codec/hex.ts';
import { compactFromU8a } from '../codec/library.ts';
import { type Runtime, type RuntimeVersion, runtimeOf } from '../codec/runtime.ts';
import type { Connection } from '../rpc/connection.ts';
import { RpcError } from '../rpc/failures.ts';
import type { Hex } from '../types.ts';

export interface RuntimesOptions {
  readonly connection: Connection;
  /** Folder of metadata files; null keeps none. */
  readonly folder: string | null;
  readonly genesis: Hex;
  /** Another connection's to the same chain: what it has read is not read again. */
  readonly shared?: Runtimes | undefined;
}

/** Storage key of the runtime's code, `:code`. */
const CODE_KEY = '0x3a636f6465';
/** Versions of metadata asked for, best first: 15 has the runtime APIs, and 16 adds nothing that is used. */
const VERSIONS = [15, 16] as const;

/** The runtimes that a chain has and had, each read once. */
export class Runtimes {
  readonly #options: RuntimesOptions;
  readonly #known: Map<string, Promise<Runtime>>;

  constructor(options: RuntimesOptions) {
    this.#options = options;
    this.#known = options.shared ? options.shared.#known : new Map();
  }

  /** The runtime of a block; of the best one without a hash. */
  async at(hash?: Hex): Promise<Runtime> {
    const { connection } = this.#options;
    const version = parseVersion(
      await connection.read('state_getRuntimeVersion', hash === undefined ? [] : [hash]),
    );
    return await this.of(version, hash);
  }

  /** The runtime of a version that the block has. */
  async of(version: RuntimeVersion, hash?: Hex): Promise<Runtime> {
    const key = `${version.specName}-${version.spec}-${version.transaction}`;
    let found = this.#known.get(key);
    if (found === undefined) {
      found = this.#load(version, hash);
      this.#known.set(key, found);
      found.catch(() => this.#known.delete(key));
    }
    return await found;
  }

  async #load(version: RuntimeVersion, hash: Hex | undefined): Promise<Runtime> {
    const path = await this.#path(version, hash);
    const { genesis } = this.#options;
    const cached = path === undefined ? undefined : await readChecked(path);
    if (cached) return await runtimeOf(cached, version, genesis);
    const metadata = await this.#fetch(hash);
    const runtime = await runtimeOf(metadata, version, genesis);
    if (path !== undefined) await writeChecked(path, metadata);
    return runtime;
  }

  /** Named by the hash of the runtime's code, since a chain under development changes it without changing its version. */
  async #path(version: RuntimeVersion, hash: Hex | undefined): Promise<string | undefined> {
    const { connection, folder, genesis } = this.#options;
    if (folder === null) return undefined;
    const at = hash === undefined ? [] : [hash];
    const code = await answered(connection.read('state_getStorageHash', [CODE_KEY, ...at]));
    if (!isHex(code)) return undefined;
    return join(folder, `${genesis.slice(2, 18)}-${version.spec}-${code.slice(2, 34)}.scale`);
  }

  async #fetch(hash: Hex | undefined): Promise<Uint8Array> {
    const { connection } = this.#options;
    const at = hash === undefined ? [] : [hash];
    for (const version of VERSIONS) {
      const argument = `0x${version.toString(16).padStart(2, '0')}000000`;
      const params = ['Metadata_metadata_at_version', argument, ...at];
      const metadata = optionalBytes(await answered(connection.read('state_call', params)));
      if (metadata) return metadata;
    }
    const metadata = await connection.read('state_getMetadata', at);
    if (isHex(metadata)) return fromHex(metadata);
    throw new Sv72Error('ERR_CHAIN_METADATA', 'The chain gave no description of its runtime.');
  }
}

/** The answer, undefined when the node does not know the question. */
async function answered(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof RpcError) return undefined;
    throw error;
  }
}

/** Option<Vec<u8>> */
function optionalBytes(answer: unknown): Uint8Array | undefined {
  if (!isHex(answer)) return undefined;
  const bytes = fromHex(answer);
  if (bytes[0] !== 1) return undefined;
  const [offset, length] = compactFromU8a(bytes.subarray(1));
  const found = bytes.subarray(1 + offset);
  return found.length === length.toNumber() ? found : undefined;
}

/** @throws ERR_CHAIN_SHAPE */
export function parseVersion(answer: unknown): RuntimeVersion {
  if (typeof answer === 'object' && answer !== null && 'specVersion' in answer) {
    const { specVersion } = answer;
    const specName = 'specName' in answer ? String(answer.specName) : '';
    const transaction = 'transactionVersion' in answer ? answer.transactionVersion : undefined;
    if (typeof specVersion === 'number' && typeof transaction === 'number') {
      return { specName, spec: specVersion, transaction };
    }
  }
  throw new Sv72Error('ERR_CHAIN_SHAPE', 'The chain answered the version of its runtime in an unknown form.');
}
