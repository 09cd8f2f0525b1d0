import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Sv72Error } from '../../src/errors/index.ts';
import { BACKBONES, changeRecipe, findRecipe, shippedRecipes } from '../../src/training/index.ts';
import { folder } from '../data/sample.ts';
import { TRAINER } from './stage.ts';

const PLAIN = {
  name: 'mine',
  kind: 'finetune',
  backbone: { id: 'plain-s' },
  epochs: 2,
  batch: 8,
  optimizer: { lr: 0.1 },
};

async function fileOf(value: unknown): Promise<string> {
  const path = join(await folder(), 'recipe.json');
  await writeFile(path, typeof value === 'string' ? value : JSON.stringify(value));
  return path;
}

describe('recipes that come with sv72', () => {
  test('are valid, carry their file’s name, and stand on a backbone that is listed', async () => {
    const recipes = await shippedRecipes(TRAINER);
    expect(recipes.map(({ name }) => name)).toEqual(['distill', 'finetune', 'head', 'lora', 'plain']);
    const known = BACKBONES.map(({ id }) => id);
    for (const { backbone, description } of recipes) {
      expect(known).toContain(backbone.id);
      expect(description).not.toBe('');
    }
  });

  test('are found by name, and named when one is not there', async () => {
    expect((await findRecipe('head', TRAINER)).kind).toBe('head');
    await expect(findRecipe('best', TRAINER)).rejects.toMatchObject({
      code: 'ERR_RECIPE',
      next: expect.stringContaining('distill, finetune, head, lora, plain'),
    });
  });
});

describe('a recipe of one’s own', () => {
  test('gets its defaults', async () => {
    const recipe = await findRecipe(await fileOf(PLAIN), TRAINER);
    expect(recipe).toMatchObject({
      format: 1,
      balanced: true,
      cacheSide: 768,
      views: { generations: [1, 1, 1], levels: [1, 1, 1, 1], stored: 0, colours: 'mixed' },
      backbone: { pretrained: false },
    });
  });

  test.each([
    ['not JSON', '{', 'is not JSON'],
    ['a newer format', { ...PLAIN, format: 2 }, 'has format 2; this version of sv72 knows format 1'],
    ['a misspelt field', { ...PLAIN, epoch: 3 }, 'is not valid: Unrecognized key: "epoch".'],
    [
      'trained weights that nobody has',
      { ...PLAIN, backbone: { id: 'plain-s', pretrained: true } },
      'must be false',
    ],
    ['a rate of nothing', { ...PLAIN, optimizer: { lr: 0 } }, 'optimizer.lr'],
    ['no generation', { ...PLAIN, views: { generations: [0, 0, 0] } }, 'one of the generations'],
    ['no level', { ...PLAIN, views: { levels: [0, 0, 0, 0] } }, 'one of the levels'],
    [
      'easy levels that never come',
      { ...PLAIN, views: { levels: [0, 0, 1, 1] }, curriculum: { share: 0.5 } },
      'curriculum.levels',
    ],
    ['a head on fresh views', { ...PLAIN, kind: 'head' }, 'views.stored'],
    ['adapters without settings', { ...PLAIN, kind: 'lora' }, 'lora: is missing'],
    ['a teacher without settings', { ...PLAIN, kind: 'distill' }, 'distill: is missing'],
    ['crops that would be made larger', { ...PLAIN, cacheSide: 300 }, 'at least 501'],
    ['a path for a backbone', { ...PLAIN, backbone: { id: '../x' } }, 'backbone.id'],
  ])('with %s is refused in one sentence', async (_, value, sentence) => {
    const found = await findRecipe(await fileOf(value), TRAINER).catch((error: unknown) => error);
    expect(found).toBeInstanceOf(Sv72Error);
    expect(found).toMatchObject({ code: 'ERR_RECIPE', message: expect.stringContaining(sentence) });
  });

  test('is refused or read, whatever the file holds', async () => {
    const path = join(await folder(), 'recipe.json');
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.json(), fc.string()), async (text) => {
        await writeFile(path, text);
        const found = await findRecipe(path, TRAINER).catch((error: unknown) => error);
        expect(found).toBeInstanceOf(Sv72Error);
      }),
      { numRuns: 50 },
    );
  });
});

describe('flags', () => {
  test('change what they name and leave the rest', async () => {
    const recipe = await findRecipe('finetune', TRAINER);
    const changed = changeRecipe(recipe, { backbone: 'convnext_atto.d2_in1k', epochs: 3, lr: 0.01, seed: 5 });
    expect(changed).toEqual({
      ...recipe,
      backbone: { ...recipe.backbone, id: 'convnext_atto.d2_in1k' },
      epochs: 3,
      seed: 5,
      optimizer: { ...recipe.optimizer, lr: 0.01 },
    });
    expect(changeRecipe(recipe, {})).toEqual(recipe);
  });

  test('our own nets have no weights to begin with', async () => {
    const recipe = await findRecipe('finetune', TRAINER);
    expect(changeRecipe(recipe, { backbone: 'plain-s' }).backbone.pretrained).toBe(false);
    expect(changeRecipe(recipe, { pretrained: false }).backbone.pretrained).toBe(false);
  });

  test('that do not go together are refused', async () => {
    const recipe = await findRecipe('plain', TRAINER);
    expect(() => changeRecipe(recipe, { lr: 100 })).toThrow(/optimizer\.lr/);
  });
});
