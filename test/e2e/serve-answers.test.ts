import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStoreReader } from '../../src/store/index.ts';
import { keypairFromSeed } from '../../src/wallet/index.ts';
import { ask, box, grey, metric, serve, until } from './box.ts';

test('predictions come from the pixels, through both doors, and everything keeps account', async () => {
  const given = await box();
  const serving = await serve(given, ['--keep-images']);
  expect(serving.listening).toMatchObject({
    network: 'offline',
    pid: serving.child.pid,
    axons: [{ name: 'hk0', hotkey: given.hotkeys[0]?.ss58, host: '127.0.0.1', uid: null }],
    bundle: { name: 'mean-uint8', demo: false },
    callers: 'anyone who signs',
  });

  for (const [level, size] of [
    [20, 224],
    [230, 224],
    [128, 3_000],
  ] as const) {
    const result = await ask(given, serving, await grey(level, size));
    expect(result).toMatchObject({ isSuccess: true, status: 200 });
    expect(result.prediction).toBeCloseTo(level / 255, 1);
    const event = await serving.next('challenge');
    expect(event).toMatchObject({
      miner: given.hotkeys[0]?.ss58,
      validator: given.asker.ss58,
      protocol: 'axon',
      route: 'ImageSynapse',
      source: 'model',
      reason: null,
      image: { width: size, height: size, format: 'jpeg' },
    });
    expect(event.prediction).toBeCloseTo(result.prediction, 6);
  }
  const second = await ask(given, serving, await grey(20), { protocol: 'btauth' });
  expect(second.prediction).toBeCloseTo(20 / 255, 1);
  expect(await serving.next('challenge')).toMatchObject({ protocol: 'btauth', source: 'cache' });
  const extended = await ask(given, serving, await grey(90), { route: 'ExtendedImageSynapse' });
  expect(extended.prediction).toBeCloseTo(90 / 255, 1);

  const junk = await ask(given, serving, Buffer.from('this is no image'));
  expect(junk).toMatchObject({ isSuccess: true, prediction: 0.5 });
  expect(await serving.next('challenge', (event) => event.source === 'prior')).toMatchObject({
    reason: 'undecodable',
  });

  expect(await metric(serving, 'sv72_image_generation_total{generation="3"}')).toBe(1);
  expect(await metric(serving, 'sv72_image_generation_total{generation="1-2"}')).toBe(4);
  expect(await metric(serving, 'sv72_engine_computed_total')).toBe(4);
  expect(await metric(serving, 'sv72_priors_total{reason="undecodable"}')).toBe(1);
  await until(
    () => metric(serving, 'sv72_store_written_total'),
    (written) => written === 6,
  );

  serving.child.kill('SIGTERM');
  expect(await serving.next('stopped')).toMatchObject({
    why: 'SIGTERM',
    forced: false,
    answered: 6,
    failed: 0,
  });
  expect((await serving.exit).exit).toBe(0);

  const data = join(given.sandbox.home, '.local', 'share', 'sv72');
  const reader = openStoreReader(join(data, 'sv72.db'));
  expect(reader?.summary()).toMatchObject({ requests: 6, answered: 6, priors: 1, distinctImages: 5 });
  const [sure] = reader?.leastCertain(1) ?? [];
  reader?.close();
  expect(sure).toMatchObject({ width: 3_000, model: { name: 'mean-uint8', version: '1.0.0' } });
  const kept = join(data, 'images', sure?.sha256?.slice(0, 2) ?? '', sure?.sha256 ?? '');
  expect(readFileSync(kept).equals(await grey(128, 3_000))).toBe(true);
});

test('a wrong signature, a stranger and a wrong route are refused and told apart', async () => {
  const given = await box();
  const serving = await serve(given);
  const other = keypairFromSeed(new Uint8Array(32).fill(9)).ss58;
  const forged = await ask(given, serving, await grey(1), { axonHotkey: other });
  expect(forged).toMatchObject({ status: 401, prediction: -1, isSuccess: false });
  expect(await serving.next('refused')).toMatchObject({ reason: 'bad-signature', count: 1 });
  const lost = await ask(given, serving, await grey(1), { route: 'NoSuchSynapse' });
  expect(lost).toMatchObject({ status: 404, prediction: -1 });
  expect(await serving.next('refused')).toMatchObject({ reason: 'unknown-route' });
});

test('one computation serves three hotkeys that are asked about the same image', async () => {
  const given = await box({ hotkeys: 3 });
  const serving = await serve(given);
  expect(new Set(serving.listening.axons.map((axon) => axon.port)).size).toBe(3);
  const image = await grey(200, 1_500);
  const results = await Promise.all(
    serving.listening.axons.map(({ host, port, hotkey }) =>
      ask(given, serving, image, { target: { host, port }, axonHotkey: hotkey }),
    ),
  );
  for (const result of results) expect(result.prediction).toBeCloseTo(200 / 255, 1);
  expect(await metric(serving, 'sv72_engine_computed_total')).toBe(1);
});
