import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkDestination, recipeFor } from '../../src/training/index.ts';
import { folder } from '../data/sample.ts';
import { preparedFor, TRAINER } from './stage.ts';

describe('a bundle that could not be written in the end is refused at the beginning', () => {
  const wish = { dir: '/nowhere/model', replace: false, name: 'model', version: '1.0.0', licence: undefined };

  test.each([
    ['name', { name: 'My Model' }, '--name: "My Model" must be lower-case letters, digits, dot, dash, _.'],
    ['version', { version: '1.0' }, '--model-version: "1.0" must be a semantic version such as 1.2.3.'],
    ['licence', { licence: '' }, '--licence: ""'],
  ])('for its %s', async (_, change, sentence) => {
    await expect(checkDestination({ ...wish, ...change })).rejects.toMatchObject({
      code: 'ERR_USAGE',
      message: expect.stringContaining(sentence),
    });
  });

  test('for its place, unless that may be taken', async () => {
    const dir = join(await folder(), 'model');
    await checkDestination({ ...wish, dir });
    await mkdir(dir);
    await expect(checkDestination({ ...wish, dir })).rejects.toMatchObject({ code: 'ERR_BUNDLE_EXISTS' });
    await checkDestination({ ...wish, dir, replace: true });
  });
});

test('a run that goes on takes its own recipe, and one that is none is said', async () => {
  const { work, recipe } = await preparedFor(await folder());
  const place = { work, trainerDir: TRAINER, usual: 'finetune' };
  expect(await recipeFor(undefined, { ...place, resume: true })).toEqual(recipe);
  expect((await recipeFor(undefined, { ...place, resume: false })).name).toBe('finetune');
  expect((await recipeFor('head', { ...place, resume: true })).name).toBe('head');
  const nothing = recipeFor(undefined, { ...place, work: await folder(), resume: true });
  await expect(nothing).rejects.toMatchObject({ code: 'ERR_TRAINING_NOTHING' });
});
