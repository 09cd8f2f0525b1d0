import { loadBundle } from '../../bundle/index.ts';
import { Sv72Error } from '../../errors/index.ts';
import { about, EDIT } from '../about.ts';
import type { Check, DoctorContext, DoctorModel, Finding } from '../types.ts';

/** Whether the model bundles of the miners are whole. */
export const bundle: Check = {
  id: 'bundle',
  title: 'model bundle',
  async run(context) {
    const bundles = bundlesOf(context);
    if (bundles.length === 0)
      return { status: 'skipped', sentence: 'A chat model on a server answers; there is no bundle.' };
    return await Promise.all(
      bundles.map(async (one) => about(context, one.miners, await findingOf(context, one))),
    );
  },
};

/** A bundle, and who answers with it. */
interface OurBundle {
  readonly dir: string;
  readonly miners: readonly string[];
  /** One of its models. */
  readonly model: DoctorModel;
}

/** The bundles that the miners need, each once. */
export function bundlesOf({ models }: Pick<DoctorContext, 'models'>): OurBundle[] {
  const found = new Map<string, OurBundle>();
  for (const model of models) {
    if (model.run.engine === 'openai') continue;
    const { bundleDir: dir } = model;
    const known = found.get(dir);
    found.set(dir, { dir, model, miners: [...new Set([...(known?.miners ?? []), ...model.miners])] });
  }
  return [...found.values()];
}

async function findingOf(
  { miners }: DoctorContext,
  { dir, model: { profileName, run } }: OurBundle,
): Promise<Finding> {
  try {
    const { manifest } = await loadBundle(dir);
    const sentence = `${manifest.name} ${manifest.version} at ${dir}: every file has its size and hash.`;
    if (!manifest.demo) return { status: 'ok', sentence };
    return {
      status: 'warning',
      sentence: `${manifest.name} ${manifest.version} is the demonstration model, which must not answer on mainnet.`,
      fix: miners.some(({ listed }) => listed)
        ? run.stages.length > 0
          ? EDIT
          : `sv72 config set profiles.${profileName}.bundle ./my-model`
        : 'sv72 serve --bundle ./my-model',
    };
  } catch (error) {
    if (!(error instanceof Sv72Error)) throw error;
    return { status: 'failed', sentence: error.message, fix: `sv72 bundle verify ${run.bundle}` };
  }
}
