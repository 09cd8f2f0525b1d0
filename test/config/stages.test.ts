import { expect, it } from 'vitest';
import { profileBundle } from '../../src/config/index.ts';
import { settingsSchema } from '../../src/config/schema/index.ts';

const chat = { name: 'chat', engine: 'openai' };

it.each<[string, object, ReturnType<typeof profileBundle>]>([
  ['its own where it has no stages', { bundle: 'a' }, { bundle: 'a', place: 0 }],
  [
    'that of its first stage',
    { bundle: 'a', stages: [{ name: 'x', bundle: 'b' }] },
    { bundle: 'b', place: 0 },
  ],
  ['its own where the stage names none', { bundle: 'a', stages: [{ name: 'x' }] }, { bundle: 'a', place: 0 }],
  ['that of the first with one', { stages: [chat, { name: 'x', bundle: 'b' }] }, { bundle: 'b', place: 1 }],
  ['none where all are chat models', { bundle: 'a', stages: [chat] }, undefined],
  ['none of a chat model', { bundle: 'a', engine: 'openai' }, undefined],
])('the bundle of a profile: %s', (_, speed, expected) => {
  expect(profileBundle(settingsSchema.parse({ profiles: { speed } }).profiles.speed)).toEqual(expected);
});
