import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadSettings, type Surroundings } from '../../src/config/index.ts';
import { planServer } from '../../src/miner/server-plan.ts';

async function planned(fields: Record<string, string>, env: Record<string, string> = {}) {
  const home = mkdtempSync(join(tmpdir(), 'sv72-servers-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  writeFileSync(join(home, 'key'), 'from-the-file\n');
  writeFileSync(join(home, 'empty'), ' \n');
  const variables = Object.entries(fields).map(([name, value]) => [`SV72_PROFILES_SPEED_${name}`, value]);
  const at: Surroundings = { cwd: home, home, env: { ...env, ...Object.fromEntries(variables) } };
  const { settings } = await loadSettings({ at });
  return planServer(settings.profiles.speed, at);
}

const URL = { ENGINE: 'openai', SERVER_URL: 'https://vlm.example.org/v1', SERVER_REMOTE: 'true' };
const PRICES = { SERVER_PRICE_INPUT: '0.5', SERVER_PRICE_OUTPUT: '2' };

test('the embedded engine asks no server', async () => {
  expect(await planned({ ENGINE: 'onnx' })).toBeNull();
});

test('a chat model: question, limits, budget', async () => {
  const plan = await planned({ ...URL, ...PRICES, SERVER_BUDGET_PER_DAY: '3', SERVER_PROMPT: 'Roadwork?' });
  expect(plan).toMatchObject({
    model: null,
    prompt: 'Roadwork?',
    maxTokens: 1,
    concurrency: 8,
    readyMs: 20_000,
    budget: { perDay: 3, inputPrice: 0.5, outputPrice: 2 },
  });
  expect(plan).not.toHaveProperty('token');
});

test.each<[string, Record<string, string>, string, RegExp]>([
  ['no address', { ENGINE: 'openai' }, 'ERR_SERVER_URL', /needs the address/],
  ['no word on money', URL, 'ERR_SERVER_BUDGET', /not said/],
  ['no prices', { ...URL, SERVER_BUDGET_PER_DAY: '3' }, 'ERR_SERVER_BUDGET', /no prices/],
  ['no variable', { ...URL, SERVER_TOKEN_ENV: 'NO_KEY' }, 'ERR_SERVER_URL', /NO_KEY.* is not set/],
  ['no file', { ...URL, SERVER_TOKEN_FILE: 'nowhere' }, 'ERR_SERVER_URL', /nowhere/],
  ['an empty file', { ...URL, SERVER_TOKEN_FILE: 'empty' }, 'ERR_SERVER_URL', /empty/],
])('%s is said', async (_, fields, code, words) => {
  const planning = planned(fields);
  await expect(planning).rejects.toMatchObject({ code });
  await expect(planning).rejects.toThrow(words);
});

test('a machine of one’s own costs nothing if that is said', async () => {
  expect(await planned({ ...URL, SERVER_BUDGET_PER_DAY: 'unlimited' })).not.toHaveProperty('budget');
  expect(
    await planned({ ENGINE: 'oip', SERVER_URL: 'http://192.0.2.1', SERVER_REMOTE: 'true' }),
  ).not.toHaveProperty('budget');
});

test('the token, from a variable or a file', async () => {
  const money = { SERVER_BUDGET_PER_DAY: 'unlimited' };
  const byVariable = await planned({ ...URL, ...money, SERVER_TOKEN_ENV: 'KEY' }, { KEY: 'from-the-env' });
  expect(byVariable?.token).toBe('from-the-env');
  expect((await planned({ ...URL, ...money, SERVER_TOKEN_FILE: '~/key' }))?.token).toBe('from-the-file');
});
