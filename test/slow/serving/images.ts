import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { PythonEnvironment } from '../../interop/support/venvs.ts';
import { importImage, needs, put, rootFileSystem } from '../jobs/base-image.ts';

const BASE = 'localhost/sv72-serving-base:1';
/** In the image. */
const SITE = 'opt/site';

/**
 * Makes two images without any registry: `triton`, whose tritonserver runs MLServer with ONNX Runtime, and `vllm`.
 *
 * @param python with MLServer
 */
export function makeImages(
  python: PythonEnvironment,
  env: NodeJS.ProcessEnv,
  names: { readonly triton: string; readonly vllm: string },
): void {
  const root = rootFileSystem();
  const site = execFileSync(python.python, ['-c', 'import sysconfig; print(sysconfig.get_path("purelib"))'], {
    encoding: 'utf8',
  }).trim();
  cpSync(site, join(root, SITE), {
    recursive: true,
    dereference: true,
    filter: (path) => !/\/(__pycache__|tests?|[^/]*\.dist-info\/RECORD)$/.test(path),
  });
  cpSync(python.peer('mlserver_model.py'), join(root, SITE, 'mlserver_model.py'));
  const wanted = new Set<string>();
  for (const file of readdirSync(join(root, SITE), { recursive: true, encoding: 'utf8' })) {
    if (!/\.so(\.[\d.]+)?$/.test(file)) continue;
    for (const library of needs(join(site, file))) if (!library.startsWith(site)) wanted.add(library);
  }
  for (const library of wanted) put(root, library, library);
  importImage(root, BASE, env);
  const context = mkdtempSync(join(tmpdir(), 'sv72-context-'));
  try {
    for (const name of ['tritonserver.py', 'vllm.py']) {
      cpSync(join(import.meta.dirname, name), join(context, name));
    }
    const shim = join(context, 'tritonserver');
    writeFileSync(shim, '#!/bin/sh\nexec python3 /opt/tritonserver.py "$@"\n');
    chmodSync(shim, 0o755);
    const file = join(context, 'Dockerfile');
    const build = (name: string, text: string) => {
      writeFileSync(file, text);
      execFileSync('podman', ['build', '--isolation=chroot', '--quiet', '--tag', name, dirname(file)], {
        env,
        stdio: ['ignore', 'ignore', 'inherit'],
      });
    };
    const start = `FROM ${BASE}\nENV PATH=/usr/local/bin:/usr/bin:/bin PYTHONPATH=/${SITE} PYTHONDONTWRITEBYTECODE=1\n`;
    build(
      names.triton,
      `${start}COPY tritonserver.py /opt/tritonserver.py\nCOPY tritonserver /usr/local/bin/tritonserver\n`,
    );
    build(names.vllm, `${start}COPY vllm.py /opt/vllm.py\nENTRYPOINT ["python3", "/opt/vllm.py"]\n`);
  } finally {
    rmSync(context, { recursive: true, force: true });
  }
}
