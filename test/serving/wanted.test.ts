import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { loadSettings, type Surroundings } from '../../src/config/index.ts';
import { planProfiles, wantedModels } from '../../src/serving/index.ts';
import { fillCommand, readTemplate } from '../../src/serving/template.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const home = mkdtempSync(join(tmpdir(), 'sv72-wanted-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const surroundings: Surroundings = { env: { PATH: '' }, home, cwd: home };
const places = { surroundings, packageRoot: ROOT };

async function settingsOf(profiles: object) {
  const config = join(home, 'sv72.yaml');
  writeFileSync(config, JSON.stringify({ profiles }));
  return (await loadSettings({ config, at: surroundings })).settings;
}

async function wanted(speed: object) {
  const settings = await settingsOf({ speed });
  return wantedModels('speed', settings.profiles.speed, places);
}

it('takes kind and port from the settings, and leaves out servers of other machines', async () => {
  const server = { url: 'http://[::1]:9000' };
  expect(await wanted({ engine: 'oip', server })).toMatchObject([
    { id: 'speed', kind: 'triton', server: { address: '::1', port: 9000, weights: null } },
  ]);
  const chat = { url: 'http://127.0.0.1:9000/v1/', vendor: 'sglang', container: { weights: './w', gpu: 1 } };
  expect(await wanted({ engine: 'openai', server: chat })).toMatchObject([
    {
      kind: 'sglang',
      gpu: 1,
      server: { url: 'http://127.0.0.1:9000/v1', weights: { path: join(home, 'w') } },
    },
  ]);
  expect(await wanted({ engine: 'oip', server: { url: 'http://gpu.example:8000', remote: true } })).toEqual(
    [],
  );
  expect(await wanted({})).toMatchObject([{ kind: 'embedded', server: null }]);
});

it.each([
  ['no address', 'oip', {}],
  ['no URL', 'oip', { url: 'triton' }],
  ['https', 'oip', { url: 'https://127.0.0.1:8000' }],
  ['another machine', 'oip', { url: 'http://192.0.2.1:8000' }],
  ['no port', 'oip', { url: 'http://127.0.0.1' }],
  ['a path', 'oip', { url: 'http://127.0.0.1:8000/v2' }],
  ['no /v1', 'openai', { url: 'http://127.0.0.1:8000' }],
])('refuses %s', async (_, engine, server) => {
  await expect(wanted({ engine, server })).rejects.toMatchObject({ code: 'ERR_SERVING_ADDRESS' });
});

it('wants to know which chat model', async () => {
  const url = 'http://127.0.0.1:8000/v1';
  await expect(wanted({ engine: 'openai', server: { url } })).rejects.toMatchObject({
    code: 'ERR_SERVING_WEIGHTS',
  });
  await expect(wanted({ engine: 'openai', server: { url, model: 'no repository' } })).rejects.toMatchObject({
    code: 'ERR_SERVING_WEIGHTS',
  });
});

it('plans for several hotkeys: what two share is counted once, two servers on one port are refused', async () => {
  const server = { url: 'http://127.0.0.1:8000/v1', container: { weights: 'Qwen/Qwen3-VL-4B-Instruct' } };
  const gpus = [
    { index: 0, name: 'NVIDIA L4', driver: '580.1', memoryBytes: 24e9, freeBytes: 23e9, capability: 8.9 },
  ];
  const options = { ...places, gpus };
  const vlm = { name: 'vlm', engine: 'openai', server };
  const fast = { name: 'fast', device: 'cuda' };
  const same = await settingsOf({
    speed: { device: 'cuda' },
    accuracy: { stages: [fast, vlm] },
    video: { stages: [fast, vlm] },
  });
  const { profiles, plan } = await planProfiles(same, ['speed', 'accuracy', 'video'], options);
  expect(profiles).toEqual(['speed', 'accuracy', 'video']);
  expect(plan.fits).toBe(true);
  expect(plan.models.map(({ id }) => id)).toEqual(['speed', 'accuracy-vlm']);

  const other = { ...server, container: { weights: 'Qwen/Qwen3-VL-8B-Instruct-FP8' } };
  const clash = await settingsOf({
    accuracy: { stages: [vlm] },
    video: { stages: [{ ...vlm, server: other }] },
  });
  await expect(planProfiles(clash, ['accuracy', 'video'], options)).rejects.toMatchObject({
    code: 'ERR_SERVING_ADDRESS',
  });
  await expect(planProfiles(clash, ['fastest'], options)).rejects.toMatchObject({ code: 'ERR_USAGE' });
});

it.each(['triton', 'vllm', 'sglang', 'max'] as const)(
  'the template of %s has a pinned image and known values',
  async (kind) => {
    const template = await readTemplate(ROOT, kind);
    expect(template.image).toMatch(/:[\w.-]*\d+\.\d+[\w.-]*$/);
    const values = {
      weights: 'a/b',
      // Looks like a place to fill, and is none.
      model: ['$', '{nothing}'].join(''),
      context: 1,
      sequences: 2,
      share: null,
      freeShare: null,
      kvBytes: 3,
      kvTokens: 4,
    };
    const command = fillCommand(template.command, values);
    if (kind !== 'triton') expect(command).toContain(values.model);
    expect(command.join(' ')).not.toContain('null');
  },
);
