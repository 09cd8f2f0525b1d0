import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Surroundings } from '../../config/index.ts';
import { Sv72Error } from '../../errors/index.ts';
import type { Weights } from '../types.ts';

const KIB = 1_024;
const GIB = 2 ** 30;

/** What is known of a chat model before it runs. */
export interface ChatModelSize {
  readonly weightsBytes: number;
  readonly kvBytesPerToken: number;
  readonly from: 'files' | 'settings' | 'name';
}

/** Folder of the Hugging Face Hub's downloads of this user, as its own library finds it. */
export function hubFolder({ env, home }: Surroundings): string {
  return env.HF_HOME || join(env.XDG_CACHE_HOME || join(home, '.cache'), 'huggingface');
}

/**
 * Size of a chat model: from its files where they are on this machine, else from its name.
 *
 * @param memoryBytes of the weights, where the settings say it
 * @throws Sv72Error ERR_SERVING_WEIGHTS when nothing says how large it is, or its folder has no weights
 */
export async function chatModelSize(
  weights: Weights,
  memoryBytes: number | null,
  hub: string,
): Promise<ChatModelSize> {
  const name = weights.from === 'hub' ? weights.name : (weights.path.split('/').at(-1) ?? '');
  const folder = weights.from === 'folder' ? weights.path : await snapshotOf(hub, weights.name);
  const files = folder === undefined ? undefined : await sizeOfFolder(folder);
  if (weights.from === 'folder' && files === undefined) {
    throw new Sv72Error('ERR_SERVING_WEIGHTS', `There are no weights (*.safetensors) in ${weights.path}.`);
  }
  const guess = sizeByName(name);
  const known = files?.weightsBytes ?? guess?.weightsBytes;
  if (memoryBytes === null && known === undefined) {
    throw new Sv72Error(
      'ERR_SERVING_WEIGHTS',
      `How large ${name} is cannot be told: it is not on this machine, and its name does not say.`,
      { next: 'Set server.container.memory_gib to the size of its files in GiB.' },
    );
  }
  const weightsBytes = memoryBytes ?? known ?? 0;
  return {
    weightsBytes,
    kvBytesPerToken:
      files?.kvBytesPerToken ?? guess?.kvBytesPerToken ?? kvByParameters(weightsBytes / 2 / 1e9),
    from: memoryBytes !== null ? 'settings' : files !== undefined ? 'files' : 'name',
  };
}

/** Where the Hub's library keeps the files of the newest revision that was fetched. */
async function snapshotOf(hub: string, name: string): Promise<string | undefined> {
  const root = join(hub, 'hub', `models--${name.replace('/', '--')}`);
  const revision = await readFile(join(root, 'refs', 'main'), 'utf8').catch(() => '');
  const wanted = revision.trim();
  if (!/^[0-9a-f]{40}$/.test(wanted)) return undefined;
  return join(root, 'snapshots', wanted);
}

async function sizeOfFolder(
  folder: string,
): Promise<{ weightsBytes: number; kvBytesPerToken: number | undefined } | undefined> {
  const names = await readdir(folder).catch((): string[] => []);
  const weights = names.filter((name) => name.endsWith('.safetensors'));
  if (weights.length === 0) return undefined;
  // Of "model-00001-of-00002" all parts must be there; a half download says too little.
  const parts = Number(/-of-(\d+)\.safetensors$/.exec(weights[0] ?? '')?.[1] ?? 1);
  if (weights.length < parts) return undefined;
  const sizes = await Promise.all(weights.map((name) => stat(join(folder, name)).then(({ size }) => size)));
  const config = await readFile(join(folder, 'config.json'), 'utf8')
    .then((text): unknown => JSON.parse(text))
    .catch(() => undefined);
  return {
    weightsBytes: sizes.reduce((sum, size) => sum + size, 0),
    kvBytesPerToken: kvBytesPerToken(config),
  };
}

/**
 * Bytes of the KV cache for one token, by a transformers `config.json`: two (key and value) times the layers with full
 * attention, the heads of keys and values, their width, and two bytes a number. undefined: the file does not say.
 */
export function kvBytesPerToken(config: unknown): number | undefined {
  const text = field(config, 'text_config') ?? field(config, 'llm_config') ?? config;
  const number = (name: string): number | undefined => {
    const value = field(text, name);
    return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : undefined;
  };
  const layers = number('num_hidden_layers');
  const heads = number('num_attention_heads');
  const kvHeads = number('num_key_value_heads') ?? heads;
  const hidden = number('hidden_size');
  const width = number('head_dim') ?? (hidden !== undefined && heads ? hidden / heads : undefined);
  if (layers === undefined || kvHeads === undefined || width === undefined) return undefined;
  const types = field(text, 'layer_types');
  const linear = Array.isArray(types)
    ? types.filter((type) => typeof type === 'string' && /linear|mamba|recurrent/.test(type)).length
    : 0;
  return Math.ceil(2 * Math.max(1, layers - linear) * kvHeads * width * 2);
}

/** By "8B" and by the way the weights are quantized. A rough upper bound. */
export function sizeByName(name: string): { weightsBytes: number; kvBytesPerToken: number } | undefined {
  const billions = Number(/(?:^|[^\w.])(\d{1,4}(?:\.\d{1,3})?)b(?![a-z0-9])/i.exec(name)?.[1]);
  if (!(billions > 0)) return undefined;
  const perParameter = /awq|gptq|int4|4bit|w4a16|nvfp4|mxfp4/i.test(name)
    ? 0.75
    : /fp8|int8|8bit|w8a8|w8a16/i.test(name)
      ? 1.15
      : 2;
  // Names are round, and the eye of a vision model is not counted in them.
  const parameters = billions * 1.1e9 + 0.4e9;
  return {
    weightsBytes: Math.ceil(parameters * perParameter),
    kvBytesPerToken: kvByParameters(billions),
  };
}

/** As dense models of that size with grouped attention have it (Qwen3-VL: 112, 144, 144 and 256 KiB). */
function kvByParameters(billions: number): number {
  if (billions < 3) return 112 * KIB;
  if (billions < 10) return 144 * KIB;
  if (billions < 20) return 200 * KIB;
  return billions < 40 ? 256 * KIB : 320 * KIB;
}

/** Of vLLM and its like: context, libraries, the working memory of a full batch, and CUDA graphs. */
export function chatRuntimeBytes(weightsBytes: number): number {
  return Math.round(2.5 * GIB + weightsBytes * 0.05);
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
