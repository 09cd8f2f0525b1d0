import type { ProfileName, Settings } from '../config/index.ts';
import { Sv72Error } from '../errors/index.ts';
import { inspectContainer } from './containers.ts';
import { type PrepareOptions, prepareServers } from './prepare.ts';
import { chooseEngine } from './runtime.ts';
import type { WantedModel } from './types.ts';
import type { VramPlan } from './vram/plan.ts';
import { wantedModels } from './wanted.ts';

/**
 * What the models of several profiles take together: one for each hotkey of this machine. Two that name the same server, or
 * run the same model embedded, share it.
 *
 * @param names none: the profile in use
 * @throws Sv72Error ERR_USAGE for a profile that there is not, ERR_SERVING_ADDRESS when two servers have one port; those of `prepareServers`
 */
export async function planProfiles(
  settings: Settings,
  names: readonly string[],
  options: Omit<PrepareOptions, 'running'>,
): Promise<{ profiles: ProfileName[]; plan: VramPlan }> {
  const profiles = names.length === 0 ? [settings.profile] : names.map((name) => known(settings, name));
  const models: WantedModel[] = [];
  for (const name of new Set(profiles)) {
    for (const model of wantedModels(name, settings.profiles[name], options)) {
      const twin = models.find((other) => sameModel(other, model));
      if (twin === undefined) models.push(model);
    }
  }
  const servers = new Map<number, string>();
  for (const { id, server } of models) {
    if (server === null) continue;
    const other = servers.get(server.port);
    if (other !== undefined) {
      throw new Sv72Error(
        'ERR_SERVING_ADDRESS',
        `The servers of ${other} and ${id} have the same port ${server.port}, and are not the same.`,
      );
    }
    servers.set(server.port, id);
  }
  const running = await runningServers(models, options);
  const { plan } = await prepareServers(models, { ...options, running });
  return { profiles, plan };
}

function known({ profiles }: Settings, name: string): ProfileName {
  const found = (Object.keys(profiles) as ProfileName[]).find((one) => one === name);
  if (found !== undefined) return found;
  throw new Sv72Error(
    'ERR_USAGE',
    `There is no profile of that name, only ${Object.keys(profiles).join(', ')}.`,
  );
}

/** Whether two are one and the same when both are wanted. */
function sameModel(a: WantedModel, b: WantedModel): boolean {
  return JSON.stringify({ ...a, id: '' }) === JSON.stringify({ ...b, id: '' });
}

/** Servers of ours that hold memory already. */
async function runningServers(
  models: readonly WantedModel[],
  options: Omit<PrepareOptions, 'running'>,
): Promise<Map<string, number | null>> {
  const { env } = options.surroundings;
  const running = new Map<string, number | null>();
  if (models.every(({ server }) => server === null)) return running;
  const engine = await chooseEngine('auto', env).catch(() => undefined);
  if (engine === undefined) return running;
  const { servers } = await prepareServers(models, options);
  for (const { spec } of servers) {
    const state = await inspectContainer(engine, spec.name);
    if (state?.running === true && state.hash !== null) running.set(spec.id, state.gpu);
  }
  return running;
}
