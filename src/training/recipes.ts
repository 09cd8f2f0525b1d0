import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isThere } from '../config/index.ts';
import { Sv72Error } from '../errors/index.ts';
import { nothingToResume, RECIPE_FILE } from './place.ts';
import { RECIPE_FORMAT, type Recipe, recipeSchema } from './recipe.ts';

/** What a command line changes about a recipe. */
export interface RecipeChanges {
  readonly backbone?: string | undefined;
  readonly pretrained?: boolean | undefined;
  readonly epochs?: number | undefined;
  readonly batch?: number | undefined;
  readonly lr?: number | undefined;
  readonly seed?: number | undefined;
  readonly precision?: Recipe['precision'] | undefined;
}

/** Where a recipe is looked for. */
export interface RecipePlace {
  readonly resume: boolean;
  /** Folder of the run. */
  readonly work: string;
  readonly trainerDir: string;
  readonly usual: string;
}

const folderOf = (trainerDir: string): string => join(trainerDir, 'recipes');

/** The recipes that come with sv72, by name. */
export async function shippedRecipes(trainerDir: string): Promise<Recipe[]> {
  const files = (await readdir(folderOf(trainerDir))).filter((name) => name.endsWith('.json')).sort();
  return await Promise.all(files.map((name) => readRecipe(join(folderOf(trainerDir), name))));
}

/**
 * A recipe by name, or from a file (anything with a slash, or ending in .json).
 *
 * @throws Sv72Error ERR_RECIPE
 */
export async function findRecipe(nameOrPath: string, trainerDir: string): Promise<Recipe> {
  if (/[/\\]|\.json$/.test(nameOrPath)) return await readRecipe(nameOrPath);
  const shipped = await shippedRecipes(trainerDir);
  const found = shipped.find(({ name }) => name === nameOrPath);
  if (found) return found;
  const names = shipped.map(({ name }) => name).join(', ');
  throw new Sv72Error('ERR_RECIPE', `There is no recipe "${nameOrPath}".`, {
    next: `Take one of ${names}, or give the path of a file.`,
  });
}

/**
 * The recipe that is named; where none is, that of the run that goes on, or else `usual`.
 *
 * @throws Sv72Error ERR_RECIPE; ERR_TRAINING_NOTHING where no run is that could go on
 */
export async function recipeFor(
  named: string | undefined,
  { resume, work, trainerDir, usual }: RecipePlace,
): Promise<Recipe> {
  if (named !== undefined || !resume) return await findRecipe(named ?? usual, trainerDir);
  const file = join(work, RECIPE_FILE);
  if (!(await isThere(file))) throw nothingToResume(work);
  return await readRecipe(file);
}

/** @throws Sv72Error ERR_RECIPE with the first wrong field */
async function readRecipe(path: string): Promise<Recipe> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    const what = cause instanceof SyntaxError ? 'is not JSON' : 'cannot be read';
    throw new Sv72Error('ERR_RECIPE', `The recipe ${path} ${what}.`, { cause });
  }
  return checked(value, `The recipe ${path}`);
}

/**
 * A recipe with a command line's changes.
 *
 * @throws Sv72Error ERR_RECIPE when they do not go together
 */
export function changeRecipe(recipe: Recipe, changes: RecipeChanges): Recipe {
  const { backbone, pretrained, epochs, batch, lr, seed, precision } = changes;
  return checked(
    {
      ...recipe,
      backbone: {
        ...recipe.backbone,
        ...(backbone !== undefined && { id: backbone }),
        pretrained: pretrained ?? (recipe.backbone.pretrained && !(backbone ?? '').startsWith('plain-')),
      },
      optimizer: { ...recipe.optimizer, ...(lr !== undefined && { lr }) },
      ...(epochs !== undefined && { epochs }),
      ...(batch !== undefined && { batch }),
      ...(seed !== undefined && { seed }),
      ...(precision !== undefined && { precision }),
    },
    'The recipe with these flags',
  );
}

function checked(value: unknown, what: string): Recipe {
  const format = typeof value === 'object' && value !== null && 'format' in value ? value.format : undefined;
  if (typeof format === 'number' && format !== RECIPE_FORMAT) {
    throw new Sv72Error(
      'ERR_RECIPE',
      `${what} has format ${format}; this version of sv72 knows format ${RECIPE_FORMAT}.`,
    );
  }
  const result = recipeSchema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const where = issue?.path.map(String).join('.') ?? '';
  const why = `${where === '' ? '' : `${where}: `}${issue?.message ?? 'unknown'}`;
  throw new Sv72Error('ERR_RECIPE', `${what} is not valid: ${why}.`);
}
