import { copyFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { gateSchema, latencySchema } from '../../bundle/index.ts';
import { Sv72Error } from '../../errors/index.ts';
import { engineId, engineKeySchema, type Profile } from './key.ts';

export const PLAN = 'model.plan';
const RECORD = 'engine.json';

const recordSchema = z.object({
  format: z.literal(1),
  key: engineKeySchema,
  /** The bundle's name and version, and which of its models. */
  model: z.object({ name: z.string(), version: z.string(), variant: z.string() }),
  /** The image it was built in and is to be served in. */
  image: z.string(),
  driver: z.string(),
  precision: z.enum(['fp32', 'fp16']),
  bytes: z.int().positive(),
  sha256: z.string(),
  /** Layers by the precision of what they give, as the engine's inspector lists them. */
  layers: z.object({ half: z.int(), full: z.int(), other: z.int() }),
  gate: gateSchema,
  latency: latencySchema,
  at: z.iso.datetime({ offset: true }),
});

/** What is known of an engine. */
export type EngineRecord = z.infer<typeof recordSchema>;

export interface CachedEngine {
  readonly folder: string;
  readonly plan: string;
  readonly record: EngineRecord;
}

/** What an engine must fit, before it is known which TensorRT the image has. */
export interface Wanted {
  readonly model: EngineRecord['model'];
  readonly graph: string;
  readonly gpu: string;
  readonly capability: string;
  readonly image: string;
  /** null: whichever it was built for. */
  readonly profile: Profile | null;
}

/** Puts an engine into the cache, in place of one with the same key. @throws Sv72Error ERR_FILE_WRITE */
export async function storeEngine(root: string, record: EngineRecord, plan: string): Promise<CachedEngine> {
  const folder = join(root, engineId(record.key));
  const fresh = `${folder}.new`;
  try {
    await rm(fresh, { recursive: true, force: true });
    await mkdir(fresh, { recursive: true });
    await copyFile(plan, join(fresh, PLAN));
    await writeFile(join(fresh, RECORD), `${JSON.stringify(record, null, 2)}\n`);
    await rm(folder, { recursive: true, force: true });
    await rename(fresh, folder);
  } catch (cause) {
    await rm(fresh, { recursive: true, force: true }).catch(() => {});
    throw new Sv72Error('ERR_FILE_WRITE', `The engine could not be kept in ${folder}.`, { cause });
  }
  return { folder, plan: join(folder, PLAN), record };
}

/** All engines of the cache, the newest first; what cannot be read is left out. */
export async function listEngines(root: string): Promise<CachedEngine[]> {
  const names = await readdir(root).catch((): string[] => []);
  const found: CachedEngine[] = [];
  for (const name of names) {
    const folder = join(root, name);
    try {
      const record = recordSchema.parse(JSON.parse(await readFile(join(folder, RECORD), 'utf8')));
      const plan = join(folder, PLAN);
      if ((await stat(plan)).size === record.bytes) found.push({ folder, plan, record });
    } catch {
      // Half of one, or something else.
    }
  }
  return found.sort((a, b) => (a.record.at < b.record.at ? 1 : -1));
}

/** Why an engine does not fit: one clause each, empty when it does. */
export function whyStale({ key, image }: EngineRecord, wanted: Wanted): string[] {
  const { least, best, most } = key.profile;
  const profile = wanted.profile ?? key.profile;
  return [
    ...(key.graph === wanted.graph ? [] : ['the graph has changed since']),
    ...(key.gpu === wanted.gpu ? [] : [`it was built on ${key.gpu}, here is ${wanted.gpu}`]),
    ...(key.capability === wanted.capability
      ? []
      : [`it was built for compute capability ${key.capability}, here it is ${wanted.capability}`]),
    ...(image === wanted.image ? [] : [`it was built in ${image} (TensorRT ${key.tensorrt})`]),
    ...(least === profile.least && best === profile.best && most === profile.most
      ? []
      : [`it takes batches of ${least} to ${most}, best ${best}`]),
  ];
}

/**
 * The engine that fits.
 *
 * @param rebuild the command that makes it, for the message
 * @throws Sv72Error ERR_ENGINE_STALE with the reasons, ERR_ENGINE_NONE
 */
export function findEngine(engines: readonly CachedEngine[], wanted: Wanted, rebuild: string): CachedEngine {
  const mine = engines.filter(
    ({ record: { model } }) => model.name === wanted.model.name && model.variant === wanted.model.variant,
  );
  const fit = mine.find(({ record }) => whyStale(record, wanted).length === 0);
  if (fit) return fit;
  const nearest = mine.toSorted(
    (a, b) => whyStale(a.record, wanted).length - whyStale(b.record, wanted).length,
  )[0];
  const next = `Run \`${rebuild}\`.`;
  const { name, variant } = wanted.model;
  if (nearest === undefined) {
    throw new Sv72Error('ERR_ENGINE_NONE', `There is no TensorRT engine of ${name} (${variant}) here.`, {
      next,
    });
  }
  const reasons = whyStale(nearest.record, wanted);
  throw new Sv72Error(
    'ERR_ENGINE_STALE',
    `The TensorRT engine of ${name} (${variant}) is stale: ${reasons.join('; ')}.`,
    {
      next,
      details: { engine: nearest.plan, reasons },
    },
  );
}
