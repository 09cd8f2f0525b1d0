import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type PullOptions, pullDataset } from '../../../src/data/index.ts';
import { HubToken } from '../../../src/hub-token/index.ts';
import { type HubDataset, type HubDouble, STRANGER, startHubWith, TOKEN } from '../../support/hub/index.ts';
import { FIXTURES } from '../import/support.ts';
import { all, folder, MADE } from '../sample.ts';

const shard = (name: string) => readFile(join(FIXTURES, `${name}.parquet`));

async function hubWith(more: Partial<HubDataset> = {}): Promise<HubDouble> {
  const hub = await startHubWith({
    'natix-network-org/roadwork': {
      files: {
        'README.md': Buffer.from('# card'),
        'data/train-00000-of-00002.parquet': await shard('natix-like'),
        'data/train-00001-of-00002.parquet': await shard('reversed'),
        'data/test-00000-of-00001.parquet': await shard('zstd'),
      },
      card: { license: 'cc-by-4.0' },
      ...more,
    },
  });
  onTestFinished(async () => {
    await hub.close();
    expect(hub.violations).toEqual([]);
  });
  return hub;
}

/** Where it is of no matter how many files there are: each has a reader of its own. */
async function smallHub(more: Partial<HubDataset> = {}): Promise<HubDouble> {
  return await hubWith({ files: { 'data/train-00000-of-00001.parquet': await shard('none') }, ...more });
}

async function optionsFor(hub: HubDouble, more: Partial<PullOptions> = {}): Promise<PullOptions> {
  const root = await folder();
  return {
    source: 'natix',
    dir: join(root, 'set'),
    downloads: join(root, 'downloads'),
    made: MADE,
    hub: {
      endpoint: hub.url,
      token: async () => undefined,
      sleep: async () => undefined,
      patienceMs: 400,
    },
    ...more,
  };
}

function withToken(options: PullOptions, token: string): PullOptions {
  return { ...options, hub: { ...options.hub, token: async () => new HubToken(token, 'HF_TOKEN') } };
}

describe('a public dataset', () => {
  test('becomes one of ours, with its licence, commit and splits, and leaves no downloads behind', async () => {
    const hub = await hubWith();
    const options = await optionsFor(hub);
    const { dataset, leftOut } = await pullDataset(options);
    const entries = await all(dataset.entries());
    expect(entries).toHaveLength(13);
    expect(dataset.manifest.sources).toEqual([
      {
        id: 'natix-network-org/roadwork',
        title: 'natix-network-org/roadwork',
        licence: 'cc-by-4.0',
        attribution: null,
        url: `${hub.url}/datasets/natix-network-org/roadwork`,
        revision: expect.stringMatching(/^[0-9a-f]{40}$/),
      },
    ]);
    expect(leftOut.map(({ origin }) => origin)).toEqual([
      'natix-network-org/roadwork/data/train-00000-of-00002.parquet#7',
      'natix-network-org/roadwork/data/train-00000-of-00002.parquet#9',
    ]);
    expect(
      entries
        .flatMap(({ tags }) => tags)
        .filter((tag) => tag.startsWith('split:'))
        .sort(),
    ).toContain('split:train');
    expect(await readdir(options.downloads, { recursive: true })).not.toContainEqual(
      expect.stringContaining('.parquet'),
    );
    expect(hub.seen.some(({ authorized }) => authorized)).toBe(false);
  });

  test('a limit takes no more pictures and downloads no more than they need', async () => {
    const hub = await hubWith();
    const { dataset } = await pullDataset(await optionsFor(hub, { limit: 3 }));
    expect(dataset.manifest.counts.pictures).toBe(3);
    expect(hub.seen.filter(({ step }) => step === 'download')).toHaveLength(1);
  });

  test('the Hub’s own parquet form is used where there is no other', async () => {
    const hub = await hubWith({
      files: { 'a.zip': Buffer.from('zip') },
      converted: { 'default/train/0000.parquet': await shard('none') },
    });
    const { dataset } = await pullDataset(await optionsFor(hub));
    expect(dataset.manifest.counts.pictures).toBe(4);
  });

  test('without any parquet it says so', async () => {
    const hub = await hubWith({ files: { 'a.zip': Buffer.from('zip') } });
    await expect(pullDataset(await optionsFor(hub))).rejects.toMatchObject({ code: 'ERR_DATA_INPUT' });
  });
});

describe('licences', () => {
  test.each([{}, { license: 'unknown' }, { license: 'other' }])(
    '%j is refused before a byte',
    async (card) => {
      const hub = await smallHub({ card });
      const options = await optionsFor(hub);
      await expect(pullDataset(options)).rejects.toMatchObject({ code: 'ERR_DATA_LICENCE' });
      expect(hub.seen.some(({ step }) => step === 'resolve')).toBe(false);
      const { dataset } = await pullDataset({ ...options, acceptUnknownLicence: true, limit: 2 });
      expect(dataset.manifest.sources[0]?.licence).toBe('unknown');
    },
  );
});

describe('who may have it', () => {
  test('missing or hidden: the sentence says that nobody can tell, and what else there is', async () => {
    const hub = await hubWith({ visibility: 'private' });
    const error = await pullDataset(await optionsFor(hub)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'ERR_HUB_NOT_FOUND',
      message:
        'The dataset natix-network-org/roadwork is not there, or it is private or gated: without a token the Hub does not say which.',
      next: expect.stringMatching(/HF_TOKEN.*sv72 data list.*sv72 data import/),
    });
  });

  test('a token is sent only after a refusal, to the Hub alone, and is never shown', async () => {
    const hub = await smallHub({ visibility: 'private' });
    const options = withToken(await optionsFor(hub), TOKEN);
    await pullDataset(options);
    expect(hub.seen[0]).toMatchObject({ step: 'info', authorized: false });
    for (const { step, authorized } of hub.seen.slice(1)) expect(authorized).toBe(step !== 'download');
    const wrong = await pullDataset({ ...withToken(options, STRANGER), dir: `${options.dir}2` }).catch(
      (thrown: unknown) => thrown,
    );
    expect(wrong).toMatchObject({
      code: 'ERR_HUB_NOT_FOUND',
      message: expect.stringContaining('your token'),
    });
    expect(JSON.stringify(wrong)).not.toContain(STRANGER);
  });

  test('gated: ask its owners', async () => {
    const hub = await smallHub({ visibility: 'gated' });
    const options = await optionsFor(hub);
    for (const one of [options, withToken(options, STRANGER)]) {
      await expect(pullDataset(one)).rejects.toMatchObject({
        code: 'ERR_HUB_NOT_FOUND',
        message: 'The dataset natix-network-org/roadwork is gated: its owners decide who gets it.',
        next: expect.stringContaining(`Ask for access at ${hub.url}/datasets/natix-network-org/roadwork`),
      });
    }
    await pullDataset(withToken(options, TOKEN));
  });

  test('a name that is none, and a known set that is got otherwise', async () => {
    const hub = await hubWith();
    for (const [source, next] of [
      ['nonsense', 'sv72 data list'],
      ['cmu-roadwork', 'annotations.zip'],
    ] as const) {
      await expect(pullDataset(await optionsFor(hub, { source }))).rejects.toMatchObject({
        code: 'ERR_DATA_INPUT',
        next: expect.stringContaining(next),
      });
    }
    await expect(pullDataset(await optionsFor(hub, { revision: 'v9' }))).rejects.toMatchObject({
      code: 'ERR_HUB_NOT_FOUND',
      message: expect.stringContaining('no such revision'),
    });
  });
});

describe('what goes wrong on the way', () => {
  test('a broken connection goes on by the byte, also in the next run', async () => {
    const hub = await hubWith();
    const options = await optionsFor(hub);
    hub.faults.plan('download', { reset: 5_000 });
    hub.faults.plan('download', { stall: 1_000 });
    await pullDataset(options);
    const ranges = hub.seen.flatMap(({ step, range }) => (step === 'download' ? [range] : []));
    expect(ranges.filter((range) => range !== undefined)).toHaveLength(2);

    const stopped = await optionsFor(hub);
    const controller = new AbortController();
    const interrupted = pullDataset({
      ...stopped,
      hub: { ...stopped.hub, signal: controller.signal },
      signal: controller.signal,
      onDownload: ({ bytes }) => bytes >= 4_000 && controller.abort(),
    });
    hub.faults.plan('download', { stall: 4_000 });
    await expect(interrupted).rejects.toMatchObject({ code: 'ERR_INTERRUPTED' });
    const before = hub.seen.length;
    const { dataset } = await pullDataset(stopped);
    expect(hub.seen.slice(before).find(({ step }) => step === 'download')?.range).toBe('bytes=4000-');
    expect(dataset.manifest.counts.pictures).toBe(13);
  });

  test('a server that ignores the range starts over without mixing', async () => {
    const hub = await hubWith();
    hub.faults.plan('download', { reset: 5_000 });
    hub.faults.plan('download', { whole: true });
    const { dataset } = await pullDataset(await optionsFor(hub));
    expect(dataset.manifest.counts.pictures).toBe(13);
  });

  test('another hash: once more, then a refusal', async () => {
    const hub = await smallHub();
    const options = await optionsFor(hub);
    hub.faults.plan('download', { corrupt: true });
    await pullDataset(options);
    hub.faults.plan('download', { corrupt: true });
    hub.faults.plan('download', { corrupt: true });
    const other = await optionsFor(hub);
    await expect(pullDataset(other)).rejects.toMatchObject({ code: 'ERR_HUB_DAMAGED' });
    expect(existsSync(other.dir)).toBe(false);
  });

  test('busy: it waits as long as it is told, in seconds or until a date', async () => {
    const hub = await smallHub();
    const waits: number[] = [];
    hub.faults.plan('info', { status: 429, headers: { 'retry-after': '7' } });
    hub.faults.plan('download', { status: 503, headers: { 'retry-after': 'Thu, 01 Jan 2026 00:00:09 GMT' } });
    const options = await optionsFor(hub);
    await pullDataset({
      ...options,
      hub: {
        ...options.hub,
        now: () => Date.parse('2026-01-01T00:00:00Z'),
        sleep: async (ms) => waits.push(ms),
      },
    });
    expect(waits).toEqual([7_000, 9_000]);
  });

  test('busy for good, or not there at all: one sentence', async () => {
    const hub = await smallHub();
    hub.faults.plan('tree', { status: 503 }, { times: 6 });
    await expect(pullDataset(await optionsFor(hub))).rejects.toMatchObject({
      code: 'ERR_HUB_UNREACHABLE',
      message: `The Hub at ${hub.url} cannot be used: it answers 503.`,
    });
    const options = await optionsFor(hub);
    const nobody = { ...options.hub, endpoint: 'http://127.0.0.1:1' };
    await expect(pullDataset({ ...options, hub: nobody })).rejects.toMatchObject({
      code: 'ERR_HUB_UNREACHABLE',
    });
  });
});
