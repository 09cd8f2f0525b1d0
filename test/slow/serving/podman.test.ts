import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadBundle } from '../../../src/bundle/index.ts';
import { loadSettings, type Surroundings } from '../../../src/config/index.ts';
import { createClassifier } from '../../../src/inference/index.ts';
import { inspectContainer } from '../../../src/serving/containers.ts';
import {
  chooseEngine,
  downServers,
  prepareServers,
  serverLog,
  serverStatus,
  servingFolders,
  type UpOptions,
  upServers,
  wantedModels,
} from '../../../src/serving/index.ts';
import { challengeImage, createRandom, drawScene } from '../../../src/simulate/index.ts';
import { pythonEnvironment } from '../../interop/support/venvs.ts';
import { Podman } from '../../support/podman.ts';
import { makeImages } from './images.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const IMAGES = { triton: 'localhost/sv72-test-triton:1', vllm: 'localhost/sv72-test-vllm:1' };

const podman = new Podman();
const { storage } = podman;
const env = {
  PATH: process.env.PATH ?? '',
  HOME: storage,
  ...podman.env,
  TRITON_TOKEN: '',
  VLLM_TOKEN: 'a-token-of-this-test',
};
const surroundings: Surroundings = { env, home: storage, cwd: storage };
let whyNot: string | undefined;

beforeAll(async () => {
  podman.require();
  makeImages(await pythonEnvironment('mlserver'), env, IMAGES);
  whyNot = podman.whyNot(IMAGES.triton);
});

beforeEach(({ skip }) => skip(whyNot !== undefined, `podman cannot run containers here: ${whyNot}`));

afterAll(() => podman.remove());

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function modelsOf(server: object, more: object = {}) {
  const file = join(storage, 'sv72.yaml');
  writeFileSync(file, JSON.stringify({ profiles: { speed: { engine: 'oip', ...more, server } } }));
  const { settings } = await loadSettings({ config: file, at: surroundings });
  return wantedModels('speed', settings.profiles.speed, { surroundings, packageRoot: ROOT });
}

const options = (more: Partial<UpOptions> = {}): UpOptions => {
  const { uid, gid } = userInfo();
  return { surroundings, packageRoot: ROOT, runtime: 'podman', person: { uid, gid }, ...more };
};

async function down(server: object, more: object = {}) {
  const { servers } = await prepareServers(await modelsOf(server, more), options());
  return await downServers(servers, await chooseEngine('podman', env));
}

describe('a server in a container of podman', { timeout: 240_000 }, () => {
  it('starts, answers pictures as the embedded model does, is found again, and stops', async () => {
    const server = {
      url: `http://127.0.0.1:${await freePort()}`,
      container: { image: IMAGES.triton },
    };
    const models = await modelsOf(server);
    const stages: string[] = [];
    const [up] = await upServers(models, options({ onStage: (text) => stages.push(text) }));
    expect(up).toMatchObject({
      id: 'speed',
      kind: 'triton',
      model: 'demo-roadwork',
      state: 'started',
      gpu: null,
    });
    expect(stages.some((text) => text.includes('serving /models'))).toBe(true);

    const bundle = await loadBundle(join(ROOT, 'models', 'demo'));
    const scene = await drawScene(7, { width: 320 });
    const { jpeg } = await challengeImage({
      ...scene,
      generation: 2,
      level: 0,
      rng: createRandom(7, 'test'),
    });
    const asked = await createClassifier({
      bundle,
      server: { url: server.url, model: 'demo-roadwork', remote: false },
    });
    const embedded = await createClassifier({ bundle, device: 'cpu' });
    const deadline = () => ({ deadline: performance.now() + 30_000 });
    const [one, two] = await Promise.all([
      asked.predict(Buffer.from(jpeg), deadline()),
      embedded.predict(Buffer.from(jpeg), deadline()),
    ]);
    await Promise.all([asked.close(), embedded.close()]);
    expect(one.source).toBe('model');
    expect(one.probability).toBeCloseTo(two.probability, 3);

    expect(await upServers(models, options())).toMatchObject([{ state: 'running' }]);
    const engine = await chooseEngine('podman', env);
    const { servers } = await prepareServers(models, options());
    expect(await serverStatus(servers, engine)).toMatchObject([
      { answers: 'ready', current: true, container: { running: true, restarts: 0, image: IMAGES.triton } },
    ]);
    const folders = servingFolders(surroundings);
    const said = await serverLog(engine, { id: 'speed', name: up?.container ?? '' }, folders, 100);
    expect(said.from).toBe('container');
    expect(said.lines.join('\n')).toContain('serving /models');

    // Other settings: told, and only taken up when that is wanted.
    const changed = { ...server, container: { ...server.container, arguments: ['--test-hang'], start_s: 5 } };
    await expect(upServers(await modelsOf(changed), options())).rejects.toMatchObject({
      code: 'ERR_SERVING_CHANGED',
    });
    await expect(upServers(await modelsOf(changed), options({ recreate: true }))).rejects.toMatchObject({
      code: 'ERR_SERVING_NOT_READY',
    });
    expect(await down(server)).toMatchObject([{ was: true, gone: true }]);
    expect(podman.containers()).toEqual([]);
    expect(await serverStatus(servers, engine)).toMatchObject([{ answers: 'absent', container: null }]);
  });

  it('that is a chat model gets its arguments, its caches and its token', async () => {
    const server = {
      url: `http://127.0.0.1:${await freePort()}/v1`,
      token_env: 'VLLM_TOKEN',
      container: { image: IMAGES.vllm, weights: 'Qwen/Qwen3-VL-4B-Instruct' },
    };
    const models = await modelsOf(server, { engine: 'openai' });
    await expect(upServers(models, options())).rejects.toMatchObject({ code: 'ERR_SERVING_GPU' });
    expect(await upServers(models, options({ ignoreMemory: true }))).toMatchObject([
      { kind: 'vllm', model: 'Qwen/Qwen3-VL-4B-Instruct', state: 'started' },
    ]);
    const inspected = execFileSync('podman', ['ps', '--all', '--no-trunc', '--format', 'json'], {
      env,
      encoding: 'utf8',
    });
    expect(inspected).not.toContain(env.VLLM_TOKEN);
    await down(server, { engine: 'openai' });
    expect(podman.containers()).toEqual([]);
  });

  it('that has no memory, or no image, or no port, says so in one sentence', async () => {
    const port = await freePort();
    const server = (container: object) => ({ url: `http://127.0.0.1:${port}`, container });
    const noMemory = server({ image: IMAGES.triton, arguments: ['--test-memory'] });
    await expect(upServers(await modelsOf(noMemory), options())).rejects.toMatchObject({
      code: 'ERR_SERVING_MEMORY',
      message: expect.stringContaining('CUDA out of memory'),
    });
    const wrong = server({ image: IMAGES.triton, arguments: ['--no-such-flag'] });
    await expect(upServers(await modelsOf(wrong), options())).rejects.toMatchObject({
      code: 'ERR_SERVING_START',
      message: expect.stringContaining('--no-such-flag'),
    });
    // It would be started again and again otherwise; what it said is kept.
    expect(podman.containers()).toEqual([]);
    const { servers } = await prepareServers(await modelsOf(wrong), options());
    const name = servers[0]?.spec.name ?? '';
    const log = () => serverLog(engine, { id: 'speed', name }, servingFolders(surroundings), 50);
    const engine = await chooseEngine('podman', env);
    expect(await log()).toMatchObject({
      from: 'kept',
      lines: expect.arrayContaining([expect.stringContaining('--no-such-flag')]),
    });
    const noImage = server({ image: 'localhost:1/nothing:1' });
    await expect(upServers(await modelsOf(noImage), options())).rejects.toMatchObject({
      code: 'ERR_SERVING_IMAGE',
    });
    expect(await log()).toEqual({ from: 'none', lines: [] });
    const other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    await expect(
      upServers(await modelsOf(server({ image: IMAGES.triton })), options()),
    ).rejects.toMatchObject({
      code: 'ERR_SERVING_PORT',
    });
    other.close();
    expect(podman.containers()).toEqual([]);
  });

  it('is given up by Ctrl-C while it loads, and leaves nothing', async () => {
    const server = {
      url: `http://127.0.0.1:${await freePort()}`,
      container: { image: IMAGES.triton, arguments: ['--test-hang'] },
    };
    const stop = new AbortController();
    const onStage = (text: string) => {
      if (text.includes('loading for ever')) stop.abort();
    };
    await expect(
      upServers(await modelsOf(server), options({ signal: stop.signal, onStage })),
    ).rejects.toMatchObject({ code: 'ERR_INTERRUPTED' });
    expect(podman.containers()).toEqual([]);
  });

  it('comes back by itself when it was killed', async () => {
    const server = {
      url: `http://127.0.0.1:${await freePort()}`,
      container: { image: IMAGES.triton },
    };
    const models = await modelsOf(server);
    const [up] = await upServers(models, options());
    const engine = await chooseEngine('podman', env);
    const name = up?.container ?? '';
    const pid = execFileSync('podman', ['inspect', '--format', '{{.State.Pid}}', name], {
      env,
      encoding: 'utf8',
    });
    process.kill(Number(pid.trim()), 'SIGKILL');
    await vi.waitUntil(async () => (await inspectContainer(engine, name))?.restarts === 1, {
      timeout: 30_000,
    });
    expect(await upServers(models, options())).toMatchObject([{ state: 'running' }]);
    const { servers } = await prepareServers(models, options());
    expect(await serverStatus(servers, engine)).toMatchObject([{ answers: 'ready' }]);
    await down(server);
  });
});
