import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStoreWriter } from '../../src/store/index.ts';
import { blotches } from '../data/sample.ts';
import { Sandbox } from '../support/cli.ts';
import { startHubWith, TOKEN } from '../support/hub/index.ts';
import { expectSchema } from '../support/schema.ts';

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = new Sandbox();
});
afterEach(() => sandbox.remove());

const fixtures = join(import.meta.dirname, '..', 'data', 'fixtures');

test('draw, import, look, check: one story', async () => {
  const drawn = await sandbox.json(['data', 'draw', 'drawn', '--count', '12']);
  expectSchema('data draw', drawn.json);
  expect(drawn.json).toMatchObject({ name: 'drawn', counts: { pictures: 12 } });

  const parquet = join(fixtures, 'natix-like.parquet');
  const args = ['data', 'import', 'drawn', parquet, '--out', 'both', '--validation', '0.2'];
  const refused = await sandbox.json(args);
  expectSchema('failure', refused.json);
  expect([refused.exit, refused.json]).toMatchObject([1, { error: { code: 'ERR_DATA_LICENCE' } }]);
  const both = await sandbox.run([...args, '--license', 'cc-by-nc-4.0']);
  expect(both.exit).toBe(0);
  expect(both.stdout).toMatch(/both: 22 pictures/);
  expect(both.stderr).toMatch(/is under cc-by-nc-4\.0, which forbids to earn with it/);
  expect(both.stderr).toMatch(/2 pictures were left out[\s\S]*parquet#7: validators do not use it/);

  const shown = await sandbox.json(['data', 'show', 'both', '--html', 'both.html']);
  expectSchema('data show', shown.json);
  expect(readFileSync(join(sandbox.home, 'both.html'), 'utf8')).toContain('data:image/jpeg;base64,');

  expect(await sandbox.run(['data', 'check', 'both'])).toMatchObject({ exit: 0 });
  const shelf = join(sandbox.home, 'both', 'pictures');
  const [name = ''] = readdirSync(shelf);
  writeFileSync(join(shelf, name, readdirSync(join(shelf, name))[0] ?? ''), 'changed');
  const checked = await sandbox.json(['data', 'check', 'both']);
  expectSchema('data check', checked.json);
  expect([checked.exit, checked.json]).toMatchObject([1, { ok: false }]);
});

test('pull: from a Hub that asks for a token, which is shown nowhere', async () => {
  const files = { 'data/train.parquet': readFileSync(join(fixtures, 'zstd.parquet')) };
  const hub = await startHubWith({ 'a/b': { files, card: { license: 'cc0-1.0' }, visibility: 'private' } });
  try {
    const args = ['data', 'pull', 'a/b', '--out', 'set'];
    const closed = await sandbox.json(args, { env: { HF_ENDPOINT: hub.url } });
    expect(closed.json).toMatchObject({ error: { code: 'ERR_HUB_NOT_FOUND' } });
    const pulled = await sandbox.json(args, { env: { HF_ENDPOINT: hub.url, HF_TOKEN: TOKEN } });
    expectSchema('data pull', pulled.json);
    expect(pulled.json).toMatchObject({ counts: { pictures: 4 }, sources: [{ licence: 'cc0-1.0' }] });
    expect(`${pulled.stdout}${pulled.stderr}`).not.toContain(TOKEN);
    expect(hub.violations).toEqual([]);
  } finally {
    await hub.close();
  }
});

test('hard: a page is answered, and the answers are a dataset; Ctrl-C keeps them, too', async () => {
  const data = join(sandbox.home, '.local', 'share', 'sv72');
  await store(data, [0.2, 0.45, 0.9]);
  const args = ['data', 'hard', 'hard', '--accept-unknown-licence'];

  const first = sandbox.start(args);
  const { url, ended } = await page(first);
  const items = await listed(url);
  expect(items.map(({ mean }) => mean)).toEqual([0.45, 0.2, 0.9]);
  await say(url, 'answer', { sha256: items[0]?.sha256, verdict: 'yes' });
  first.kill('SIGINT');
  expect(await ended).toBe(0);
  expect(readFileSync(join(sandbox.home, 'hard', 'entries.jsonl'), 'utf8')).toContain(
    items[0]?.sha256 ?? 'none',
  );

  const second = sandbox.start([...args, '--json']);
  let stdout = '';
  second.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  const again = await page(second);
  const left = await listed(again.url);
  expect(left).toHaveLength(2);
  await say(again.url, 'answer', { sha256: left[0]?.sha256, verdict: 'no' });
  await say(again.url, 'answer', { sha256: left[1]?.sha256, verdict: 'skip' });
  await say(again.url, 'done', {});
  expect(await again.ended).toBe(0);
  const result: unknown = JSON.parse(stdout);
  expectSchema('data hard', result);
  expect(result).toMatchObject({ yes: 1, no: 1, skipped: 1, dataset: { counts: { pictures: 2 } } });

  const exported = await sandbox.json(['data', 'hard', 'hard', '--fiftyone', 'fo']);
  expectSchema('data hard', exported.json);
  expect(existsSync(join(sandbox.home, 'fo', 'labels.json'))).toBe(true);
});

/** A store as `serve --keep-images` leaves it, with a picture for each answer. */
async function store(data: string, answers: readonly number[]): Promise<void> {
  const writer = openStoreWriter({
    path: join(data, 'sv72.db'),
    imageFolder: join(data, 'images'),
    imageCapBytes: 10e6,
    retentionDays: 90,
    retentionRows: 1_000,
  });
  for (const [seed, prediction] of answers.entries()) {
    const bytes = await blotches(seed);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const at = Date.now();
    writer.keepImage({ at, sha256, bytes });
    writer.record({
      ...{ at, sha256, prediction, outcome: 'answered', miner: '5M', validator: '5V', protocol: 'axon' },
      ...{
        route: '/ImageSynapse',
        source: 'model',
        reason: null,
        imageBytes: bytes.length,
        width: 64,
        height: 48,
      },
      ...{ totalMs: 1, queueMs: 0, decodeMs: 0, inferMs: 1, model: { name: 'demo', version: '1.0.0' } },
    });
  }
  await writer.close();
}

/** Waits until the command says where its page is. */
async function page(
  child: ReturnType<Sandbox['start']>,
): Promise<{ url: string; ended: Promise<number | null> }> {
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const url = await new Promise<string>((resolve, reject) => {
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      const found = /open (http:\S+)/.exec(stderr)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('close', () => reject(new Error(stderr)));
  });
  return { url, ended };
}

async function listed(url: string): Promise<{ sha256: string; mean: number }[]> {
  const response = await fetch(`${url}items`);
  return JSON.parse(await response.text());
}

async function say(url: string, what: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${url}${what}`, { method: 'POST', headers, body: JSON.stringify(body) });
  expect(response.status).toBe(200);
}
