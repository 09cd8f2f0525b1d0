import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Sv72Error } from '../../../errors/index.ts';

const LIBRARIES = ['shared', 'cuda', 'tensorrt'].map((name) => `libonnxruntime_providers_${name}.so`);
const TAIL = 4096;

export interface GpuLibrariesOptions {
  /** The package to complete. Default onnxruntime-node, as found from here. */
  readonly runtime?: string;
  /** Where `runtime` is looked up from. */
  readonly from?: string;
  readonly platform?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Runs onnxruntime-node's own installation, which fetches the CUDA and TensorRT libraries (hundreds of megabytes)
 * that sv72's installation leaves out.
 *
 * @throws Sv72Error ERR_ENGINE_MISSING, ERR_DEVICE_UNAVAILABLE (not Linux on x64), ERR_GPU_LIBRARIES
 */
export async function installGpuLibraries(
  options: GpuLibrariesOptions = {},
): Promise<{ folder: string; files: string[] }> {
  const { runtime = 'onnxruntime-node', from = import.meta.url, env = process.env } = options;
  const platform = options.platform ?? `${process.platform}/${process.arch}`;
  if (platform !== 'linux/x64') {
    throw new Sv72Error(
      'ERR_DEVICE_UNAVAILABLE',
      `There are no GPU libraries for ${platform}, only for linux/x64.`,
      {
        next: 'Use `--device cpu`.',
      },
    );
  }
  const root = packageFolder(runtime, from);
  await runScript(join(root, 'script', 'install.js'), { ...env, ONNXRUNTIME_NODE_INSTALL: 'true' });
  const folder = join(root, 'bin', 'napi-v6', 'linux', 'x64');
  const files = LIBRARIES.filter((library) => existsSync(join(folder, library)));
  if (files.length < LIBRARIES.length) {
    const missing = LIBRARIES.filter((library) => !files.includes(library));
    throw new Sv72Error(
      'ERR_GPU_LIBRARIES',
      `The installation ended, but ${missing.join(', ')} is not there.`,
      {
        details: { folder },
      },
    );
  }
  return { folder, files };
}

function packageFolder(runtime: string, from: string): string {
  try {
    return join(dirname(createRequire(from).resolve(runtime)), '..');
  } catch (cause) {
    throw new Sv72Error('ERR_ENGINE_MISSING', `The package ${runtime} is not installed.`, { cause });
  }
}

async function runScript(script: string, env: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn(process.execPath, [script], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-TAIL);
    });
  }
  const [code, signal] = await once(child, 'close');
  if (code === 0) return;
  const lines = said.trim().split('\n');
  const reason = (lines.find((line) => /error/i.test(line)) ?? lines.at(-1) ?? '').trim().slice(0, 300);
  throw new Sv72Error(
    'ERR_GPU_LIBRARIES',
    `The installation of the GPU libraries failed (${reason || (signal ?? `exit code ${code}`)}).`,
  );
}
