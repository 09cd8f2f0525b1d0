import { manifestSchema } from '../bundle/index.ts';
import { isThere } from '../config/index.ts';
import { Sv72Error } from '../errors/index.ts';

/** Inside the work folder. */
export const RECIPE_FILE = 'recipe.json';
export const CHECKPOINT_FILE = 'checkpoint.pt';

/** What the bundle of a training is to be. */
export interface Destination {
  readonly dir: string;
  readonly replace: boolean;
  readonly name: string;
  readonly version: string;
  readonly licence: string | undefined;
}

/**
 * Hours of training must not end at a folder that is taken, or at a name that no bundle may have.
 *
 * @throws Sv72Error ERR_USAGE, ERR_BUNDLE_EXISTS
 */
export async function checkDestination({ dir, replace, ...called }: Destination): Promise<void> {
  const { name, version, licence } = manifestSchema.shape;
  const flags = [
    ['--name', name, called.name],
    ['--model-version', version, called.version],
    ['--licence', licence.optional(), called.licence],
  ] as const;
  for (const [flag, schema, value] of flags) {
    const problem = schema.safeParse(value).error?.issues[0]?.message;
    if (problem !== undefined) throw new Sv72Error('ERR_USAGE', `${flag}: "${value}" ${problem}.`);
  }
  if (replace || !(await isThere(dir))) return;
  throw new Sv72Error('ERR_BUNDLE_EXISTS', `${dir} already exists.`, {
    next: 'Name another folder with --out, or replace it with --replace.',
    details: { dir },
  });
}

export function nothingToResume(work: string): Sv72Error {
  return new Sv72Error('ERR_TRAINING_NOTHING', `${work} holds no run that could be continued.`, {
    details: { work },
  });
}
