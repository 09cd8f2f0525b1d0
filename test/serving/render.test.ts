import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { loadSettings, type Surroundings } from '../../src/config/index.ts';
import { parseGpus } from '../../src/jobs/gpu/nvidia-smi.ts';
import { runCommand } from '../../src/serving/arguments.ts';
import { prepareServers, wantedModels, writeRendered } from '../../src/serving/index.ts';
import type { RenderKind } from '../../src/serving/render/types.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const home = mkdtempSync(join(tmpdir(), 'sv72-render-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const surroundings: Surroundings = {
  env: { TOKEN: 'never-written', HF_TOKEN: 'hub-secret' },
  home,
  cwd: home,
};
const gpus = parseGpus('0, NVIDIA L4, 570.86.15, 23034, 22563, 8.9\n');
const person = { uid: 1000, gid: 1000 };
const docker = { kind: 'docker', program: '/usr/bin/docker', rootless: false } as const;

async function prepared() {
  const config = join(home, 'sv72.yaml');
  const stages = [
    { name: 'fast', engine: 'oip', server: { url: 'http://127.0.0.1:8000' } },
    {
      name: 'vlm',
      engine: 'openai',
      server: {
        url: 'http://localhost:8001/v1',
        token_env: 'TOKEN',
        container: { weights: 'Qwen/Qwen3-VL-4B-Instruct', arguments: ['--seed', '$HOME %i "q"'] },
      },
    },
  ];
  writeFileSync(config, JSON.stringify({ profile: 'accuracy', profiles: { accuracy: { stages } } }));
  const { settings } = await loadSettings({ config, at: surroundings });
  const places = { surroundings, packageRoot: ROOT };
  return await prepareServers(wantedModels('accuracy', settings.profiles.accuracy, places), {
    ...places,
    gpus,
  });
}

async function rendered(kind: RenderKind) {
  const { servers } = await prepared();
  const folder = join(home, kind);
  const result = await writeRendered(kind, servers, { profile: 'accuracy', folder, engine: docker, person });
  const text = result.files
    .filter((file) => !file.endsWith('.pbtxt'))
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n');
  expect(text).not.toMatch(/never-written|hub-secret/);
  return { ...result, folder, text };
}

describe('what runs servers', () => {
  it('gives docker and podman only the loopback, no capabilities, and names of secrets', async () => {
    const { servers } = await prepared();
    const [, vlm] = servers;
    if (vlm === undefined) throw new Error('no server');
    const words = runCommand(vlm.spec, docker, person, 'background');
    const line = words.join(' ');
    // Driver 570 has not the CUDA of the usual image.
    expect(vlm.spec.image).toBe('vllm/vllm-openai:v0.31.0-cu129');
    expect(line).toContain('--publish 127.0.0.1:8001:8000');
    expect(line).toContain('--cap-drop ALL --security-opt no-new-privileges');
    expect(line).toContain('--user 1000:1000 --gpus "device=0"');
    expect(line).toContain('--env VLLM_API_KEY --env HF_TOKEN vllm/vllm-openai');
    expect(line).toMatch(/--gpu-memory-utilization 0\.\d+ --kv-cache-memory-bytes \d+ /);
    expect(words.slice(-2)).toEqual(['--seed', '$HOME %i "q"']);
    const podman = runCommand(
      vlm.spec,
      { kind: 'podman', program: 'podman', rootless: true },
      person,
      'foreground',
    );
    expect(podman.join(' ')).toContain('--userns keep-id --user 1000:1000 --device nvidia.com/gpu=0');
    expect(line).not.toMatch(/never-written|hub-secret/);
  });

  it('is a compose file', async () => {
    const { text, files, next } = await rendered('compose');
    expect(files).toEqual(['compose.yaml', 'models/accuracy-fast/demo-roadwork/config.pbtxt']);
    expect(next[0]).toContain('docker compose --file');
    // As parsers of YAML 1.1 read it, too: no number out of "1000:1000".
    const { services } = parse(text, { version: '1.1' });
    expect(services['accuracy-fast']).toMatchObject({
      image: 'nvcr.io/nvidia/tritonserver:26.09-py3',
      user: '1000:1000',
      ports: ['127.0.0.1:8000:8000'],
      volumes: [
        { source: './models/accuracy-fast', target: '/models', read_only: true },
        { target: '/cache' },
      ],
    });
    expect(services['accuracy-vlm'].command.slice(-2)).toEqual(['--seed', '$$HOME %i "q"']);
    expect(services['accuracy-vlm'].environment).toMatchObject({ VLLM_API_KEY: null, HF_TOKEN: null });
    expect(services['accuracy-vlm'].deploy.resources.reservations.devices).toEqual([
      { driver: 'nvidia', device_ids: ['0'], capabilities: ['gpu'] },
    ]);
  });

  it('is objects of Kubernetes without privileges', async () => {
    const { text } = await rendered('kubernetes');
    const objects = parseAllDocuments(text).map((document) => document.toJS());
    expect(objects.map(({ kind }) => kind).sort()).toEqual([
      ...['Deployment', 'Deployment'],
      ...['PersistentVolumeClaim', 'PersistentVolumeClaim', 'PersistentVolumeClaim'],
      ...['Service', 'Service'],
    ]);
    const pod = objects.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name.endsWith('vlm'))
      .spec.template.spec;
    expect(pod.securityContext.runAsNonRoot).toBe(true);
    expect(pod.containers[0]).toMatchObject({
      resources: { limits: { 'nvidia.com/gpu': 1 } },
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    });
  });

  it('is a file of PM2, and units whose words systemd does not change', async () => {
    const { folder } = await rendered('pm2');
    const { apps } = createRequire(import.meta.url)(join(folder, 'engines.config.cjs'));
    expect(apps).toMatchObject([
      { name: 'sv72-engine-accuracy-fast-8000', script: '/usr/bin/docker', interpreter: 'none' },
      { name: 'sv72-engine-accuracy-vlm-8001' },
    ]);
    expect(apps[1].args.slice(-2)).toEqual(['--seed', '$HOME %i "q"']);
    const { text } = await rendered('systemd');
    expect(text).toContain('"$$HOME %%i \\"q\\""');
  });

  it('is Triton’s configuration: batches of the bundle, on the GPU', async () => {
    const { folder } = await rendered('compose');
    const text = readFileSync(join(folder, 'models/accuracy-fast/demo-roadwork/config.pbtxt'), 'utf8');
    expect(text).toBe(
      [
        'name: "demo-roadwork"',
        'backend: "onnxruntime"',
        'max_batch_size: 64',
        'default_model_filename: "model.onnx"',
        'dynamic_batching { max_queue_delay_microseconds: 2000 }',
        'instance_group [{ count: 1 kind: KIND_GPU }]',
        '',
      ].join('\n'),
    );
  });
});
