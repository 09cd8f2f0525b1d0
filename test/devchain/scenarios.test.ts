import { describe, expect, it } from 'vitest';
import { runtimeImage, VARIANTS } from '../support/devchain/metadata/images.ts';
import type { Plain } from '../support/devchain/model.ts';
import { createWorld, runtime, scenarioNames, type World } from '../support/devchain/runtime.ts';
import type { ApiMethod, RuntimeImage } from '../support/devchain/runtime-image.ts';
import { FUNDED, keyOf } from '../support/devchain/scenarios/index.ts';

function argument(world: World, name: string): Plain {
  if (name === 'netuid') return 72;
  if (name.includes('accounts')) return [keyOf('//Dave')];
  if (name.includes('hotkey')) return keyOf('//Dave//hot');
  if (name.includes('key') || name.includes('account')) return keyOf('//Dave');
  if (name.includes('indexes')) return Array.from({ length: 80 }, (_, index) => index);
  if (name === 'uid') return world.subnets.get(72)?.neurons.length ? 5 : 0;
  return name === 'tao' || name === 'alpha' ? 10n ** 9n : undefined;
}

function encodeApi(image: RuntimeImage, world: World, name: string, method: ApiMethod) {
  const handler = runtime.runtimeApis[name];
  if (handler === undefined) throw new Error(`no ${name}`);
  const args = method.inputs.map((input) => argument(world, input.name));
  return image.codec.encode(method.output, handler(world, args, image.features));
}

describe.each(VARIANTS)('in runtime %s', (variant) => {
  const image = runtimeImage(variant);

  it.each(scenarioNames)(
    'scenario %s can be read whole: every item and every runtime call has a value of its type',
    (scenario) => {
      const world = createWorld(scenario, 1_700_000_000_000);
      for (const [name, projection] of Object.entries(runtime.projections)) {
        const [pallet = '', item = ''] = name.split('.');
        const stored = image.item(pallet, item);
        if (stored === undefined) continue;
        for (const keys of projection.keys?.(world, image.features) ?? [[]]) {
          expect(keys).toHaveLength(stored.keys.length);
          const value = projection.get(world, keys, image.features);
          if (value === undefined) continue;
          const bytes = image.codec.encode(stored.value, value);
          expect(image.codec.decode(stored.value, bytes)).toBeDefined();
        }
      }
      let met = 0;
      for (const name of Object.keys(runtime.runtimeApis)) {
        const method = image.apiMethod(name.replace('.', '_'));
        if (method === undefined) continue;
        expect(encodeApi(image, world, name, method).length).toBeGreaterThan(0);
        met++;
      }
      expect(met).toBeGreaterThan(20);
    },
  );
});

it('every scenario funds the development accounts, and no name is made up', () => {
  for (const scenario of scenarioNames) {
    const world = createWorld(scenario, 0);
    for (const [uri, tao] of Object.entries(FUNDED))
      expect(world.accounts.get(keyOf(uri))?.free ?? 0n).toBe(tao * 10n ** 9n);
    expect(world.subnets.has(72)).toBe(true);
  }
  expect(() => createWorld('nowhere', 0)).toThrow(RangeError);
});

it('every projection that can be set gives back what was set', () => {
  const world = createWorld('paying', 0);
  const { features } = runtimeImage('newer');
  for (const [name, { get, set }] of Object.entries(runtime.projections)) {
    if (set === undefined) continue;
    const keys = name === 'SubtensorModule.NetworkImmunityPeriod' ? [] : [72];
    const before = get(world, keys, features);
    const value: Plain =
      typeof before === 'boolean' ? !before : typeof before === 'number' ? before + 1 : 77_000_000n;
    set(world, keys, value);
    const after = get(world, keys, features);
    expect(typeof after === 'object' && after !== null ? Object.values(after)[0] : after, name).toBe(value);
  }
});
