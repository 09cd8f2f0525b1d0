import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { VerifiedBundle } from '../../src/bundle/index.ts';
import { identityOf } from '../../src/deploy/identity.ts';
import { writePointer } from '../../src/deploy/pointer.ts';
import { liveBundle, pointerFile } from '../../src/miner/live-bundle.ts';
import { bundleOf, temporaryFolder } from '../inference/models.ts';

async function place() {
  const data = await temporaryFolder();
  const configured = (await bundleOf('mean-uint8')).dir;
  const live = async (hotkeys: readonly string[] = ['hk'], change = {}) =>
    await liveBundle({ data, profile: 'speed', configured, hotkeys, ...change });
  const promote = async (hotkey: string, bundle: VerifiedBundle, profile = 'speed') => {
    const model = await identityOf(bundle);
    const pointer = { configured, live: model, previous: null, at: 1 };
    await writePointer(pointerFile(data, hotkey, profile), pointer);
    return bundle.dir;
  };
  return { configured, live, promote };
}

test('what was promoted goes before the configured bundle, as long as that one stays configured', async () => {
  const it = await place();
  expect(await it.live()).toBe(it.configured);
  const promoted = await it.promote('hk', await bundleOf('mean-uint8', { version: '2.0.0' }));
  expect(await it.live()).toBe(promoted);
  expect(await it.live(['hk'], { configured: '/another' })).toBe('/another');
  expect(await it.live(['hk'], { profile: 'accuracy' })).toBe(it.configured);
});

test('one that was changed since does not count', async () => {
  const it = await place();
  const promoted = await it.promote('hk', await bundleOf('mean-uint8', { version: '2.0.0' }));
  const path = join(promoted, 'sv72.json');
  writeFileSync(path, readFileSync(path, 'utf8').replace('A graph', 'Another graph'));
  expect(await it.live()).toBe(it.configured);
});

test('of several miners the named one counts; of unnamed ones that on which all agree', async () => {
  const it = await place();
  const [second, third] = [
    await bundleOf('mean-uint8', { version: '2.0.0' }),
    await bundleOf('mean-uint8', { version: '3.0.0' }),
  ];
  await it.promote('one', second);
  await it.promote('two', second);
  expect(await it.live(['nobody'])).toBe(second.dir);
  await it.promote('two', third);
  expect(await it.live(['nobody'])).toBe(it.configured);
  expect(await it.live(['nobody', 'two'])).toBe(third.dir);
});
