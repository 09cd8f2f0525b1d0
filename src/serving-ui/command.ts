import { ourSurroundings, type Settings } from '../config/index.ts';
import { Sv72Error } from '../errors/index.ts';
import {
  type Prepared,
  type PreparedServer,
  prepareServers,
  type WantedModel,
  type WantedPlaces,
  wantedModels,
} from '../serving/index.ts';
import { Sv72Command } from '../ui/index.ts';

/** What the commands share that start and look after inference servers. */
export abstract class ServingCommand extends Sv72Command {
  protected get places(): WantedPlaces {
    return { surroundings: ourSurroundings(), packageRoot: this.config.root };
  }

  /** The models of the profile in use. */
  protected async wanted(): Promise<{ settings: Settings; profile: string; models: WantedModel[] }> {
    const { settings } = await this.settings();
    const { profile } = settings;
    return { settings, profile, models: wantedModels(profile, settings.profiles[profile], this.places) };
  }

  /** The servers of the profile in use. @throws Sv72Error ERR_SERVING_NOTHING and those of `prepareServers` */
  protected async prepared(): Promise<Prepared & { profile: string }> {
    const { profile, models } = await this.wanted();
    const prepared = await prepareServers(models, this.places);
    if (prepared.servers.length === 0) {
      throw new Sv72Error('ERR_SERVING_NOTHING', `The profile ${profile} has no inference server.`);
    }
    return { profile, ...prepared };
  }

  /** The server of that id; all where none is named. @throws Sv72Error ERR_USAGE */
  protected chosen(servers: readonly PreparedServer[], id: string | undefined): PreparedServer[] {
    const found = servers.filter(({ spec }) => id === undefined || spec.id === id);
    if (found.length > 0) return found;
    const ids = servers.map(({ spec }) => spec.id).join(', ');
    throw new Sv72Error('ERR_USAGE', `There is no server ${id ?? ''} in this profile, only ${ids}.`);
  }
}
