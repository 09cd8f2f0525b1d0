import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findRecipe, prepareTraining } from '../../src/training/index.ts';
import { folder } from '../data/sample.ts';
import { blotchSet, preparedFor, requestFor, TRAINER } from './stage.ts';

describe('a training', () => {
  test('writes its recipe and names its folders to the job', async () => {
    const at = await folder();
    const { spec, work, recipe } = await preparedFor(at);
    expect(JSON.parse(await readFile(join(work, 'recipe.json'), 'utf8'))).toEqual(recipe);
    expect(spec.command).toEqual([
      ...['python', '-m', 'sv72_train', 'train', '--recipe', { mount: 'work', path: 'recipe.json' }],
      ...['--data', { mount: 'data0' }, '--out', { mount: 'work' }, '--cache', { mount: 'cache' }],
      ...['--device', 'cpu', '--threads', '1'],
    ]);
    expect(spec.mounts.map(({ name, readonly }) => [name, readonly ?? false])).toEqual([
      ['work', false],
      ['cache', false],
      ['data0', true],
    ]);
  });

  test('that fetches nothing has no network; one that does has', async () => {
    const at = await folder();
    expect((await preparedFor(at)).spec.network).toBe('none');
    const recipe = await findRecipe('finetune', TRAINER);
    expect((await preparedFor(await folder(), { recipe })).spec.network).toBeUndefined();
  });

  test('needs a GPU only where that is said, and tells what it writes', async () => {
    const recipe = await findRecipe('lora', TRAINER);
    const data = await blotchSet(await folder());
    const needs = async (device: 'auto' | 'cpu' | 'cuda') =>
      (await prepareTraining({ ...(await requestFor(await folder(), data)), recipe, device })).spec;
    expect((await needs('cpu')).gpus).toBe('none');
    expect((await needs('cpu')).needs.vramBytes).toBeUndefined();
    expect((await needs('auto')).needs).not.toHaveProperty('gpu');
    const cuda = await needs('cuda');
    expect(cuda.needs.gpu).toBe(true);
    expect(cuda.needs.vramBytes).toBeGreaterThan(2e9);
    expect(cuda.needs.diskBytes).toBeGreaterThan(5e9);
  });

  test('takes files by their folders, so that their names say what they are', async () => {
    const at = await folder();
    const weights = join(at, 'first.safetensors');
    await writeFile(weights, '');
    const { spec } = await preparedFor(at, { weights, weightsLicence: weights });
    expect(spec.command.slice(-4)).toEqual([
      ...['--weights', { mount: 'weights', path: 'first.safetensors' }],
      ...['--licence', { mount: 'licence', path: 'first.safetensors' }],
    ]);
    expect(spec.mounts.find(({ name }) => name === 'weights')?.host).toBe(dirname(weights));
  });

  test('hands keys over in the environment alone', async () => {
    const { spec } = await preparedFor(await folder(), { secrets: { SV72_TEACHER_KEY: 'hush' } });
    expect(spec.secrets).toEqual({ SV72_TEACHER_KEY: 'hush' });
    expect(JSON.stringify([spec.command, spec.env, spec.title])).not.toContain('hush');
  });

  test('writes nothing on a dry run', async () => {
    const at = await folder();
    const { work } = await preparedFor(at, { dryRun: true });
    await expect(readFile(join(work, 'recipe.json'))).rejects.toThrow();
  });
});

describe('refused before anything is started', () => {
  test('data without one of the classes', async () => {
    const at = await folder();
    const data = await blotchSet(at, { labels: [1] });
    await expect(prepareTraining(await requestFor(at, data))).rejects.toMatchObject({
      code: 'ERR_DATASET_EMPTY',
      message: 'The data has no pictures without roadwork in the train split.',
    });
  });

  test('a second set makes up for what the first has not', async () => {
    const at = await folder();
    const request = await requestFor(at, await blotchSet(at, { labels: [1] }));
    const data = [...request.data, await blotchSet(at, { labels: [0], first: 1_000 })];
    const { spec } = await prepareTraining({ ...request, data });
    expect(spec.mounts.map(({ name }) => name)).toContain('data1');
  });

  test('a folder that holds a run, and one that holds none', async () => {
    const at = await folder();
    await expect(preparedFor(at, { resume: true })).rejects.toMatchObject({ code: 'ERR_TRAINING_NOTHING' });
    const work = join(at, 'other');
    await mkdir(work);
    await writeFile(join(work, 'checkpoint.pt'), '');
    await expect(preparedFor(await folder(), { work })).rejects.toMatchObject({
      code: 'ERR_TRAINING_EXISTS',
    });
  });

  test('another recipe than the one that the run was begun with', async () => {
    const at = await folder();
    const request = await requestFor(at, await blotchSet(at));
    const { work } = await prepareTraining(request);
    await writeFile(join(work, 'checkpoint.pt'), '');
    const again = await prepareTraining({ ...request, resume: true });
    expect(again.spec.command).toContain('--resume');
    await expect(
      prepareTraining({ ...request, recipe: { ...request.recipe, epochs: 99 }, resume: true }),
    ).rejects.toMatchObject({ code: 'ERR_TRAINING_CHANGED' });
  });

  test.each([
    ['a teacher that the recipe has no use for', 'plain', { teacher: './x' }, 'has no use for a teacher'],
    ['a server without a model', 'distill', { teacher: 'http://127.0.0.1:1/v1' }, 'which model'],
    [
      'an address with a password',
      'distill',
      { teacher: 'https://me:hush@x/v1' },
      'holds a name or a password',
    ],
    ['an address that is none', 'distill', { teacher: 'http://' }, 'not a valid one'],
    ['no teacher, and a set without soft labels', 'distill', {}, 'there is neither'],
  ])('%s', async (_, name, more, sentence) => {
    const recipe = await findRecipe(name, TRAINER);
    await expect(preparedFor(await folder(), { recipe, ...more })).rejects.toMatchObject({
      code: 'ERR_TRAINING_TEACHER',
      message: expect.stringContaining(sentence),
    });
  });

  test('a teacher that is no bundle', async () => {
    const recipe = await findRecipe('distill', TRAINER);
    const teacher = await folder();
    await expect(preparedFor(await folder(), { recipe, teacher })).rejects.toMatchObject({
      code: 'ERR_BUNDLE_MISSING',
    });
  });

  test('weights that are not there', async () => {
    await expect(preparedFor(await folder(), { weights: '/nowhere/x.safetensors' })).rejects.toMatchObject({
      code: 'ERR_TRAINING_WEIGHTS',
    });
  });
});
