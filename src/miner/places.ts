import type { Axon } from '../axon/index.ts';
import type { Group } from './group.ts';
import type { Seat } from './groups.ts';
import type { ServedHotkey } from './identity.ts';
import { type HotkeyLock, lockHotkey } from './lock.ts';
import type { ServePlan } from './plan.ts';
import type { GroupStatus, ListeningAxon } from './status.ts';

/** A hotkey to serve, and where. */
export type SeatedHotkey = ServedHotkey & Omit<Seat, 'name'>;

/** Hotkeys that answer with the same models. */
export interface MinerGroup {
  readonly plan: ServePlan;
  /** At least one. */
  readonly hotkeys: readonly SeatedHotkey[];
}

/** A hotkey that is to be served, and how far that came. */
export interface Place {
  readonly hotkey: SeatedHotkey;
  readonly models: Models;
  lock: HotkeyLock | undefined;
  axon: Axon | undefined;
  /** Why it is not served. */
  down: string | undefined;
}

/** Models that are opened with the first hotkey that needs them, and anew after that failed. */
interface Models {
  readonly plan: ServePlan;
  readonly group: MinerGroup;
  /** Which one of the process's, from 0. */
  readonly number: number;
  /** Under way, or how that ended; several hotkeys need not try it one after the other. */
  opening: Promise<Group> | undefined;
  opened: Group | undefined;
}

export interface PlacesOptions {
  readonly groups: readonly MinerGroup[];
  /** Whether one that fails leaves the others. */
  readonly tolerant: boolean;
  /** Address to listen on. */
  readonly host: string;
}

/** Opens the models of a group, which is so many in the process, from 0. */
export type OpenGroup = (group: MinerGroup, number: number) => Promise<Group>;

/** The hotkeys of a process on their way from a lock over their models to an axon that listens. */
export class Places {
  readonly all: readonly Place[];
  readonly #host: string;
  readonly #tolerant: boolean;
  readonly #failures: unknown[] = [];
  #openGroup: OpenGroup = () => Promise.reject(new Error('it is not known yet how models are opened'));

  constructor({ groups, tolerant, host }: PlacesOptions) {
    this.#host = host;
    this.#tolerant = tolerant;
    this.all = groups.flatMap((group, number) => {
      const models: Models = {
        plan: group.plan,
        group,
        number,
        opening: undefined,
        opened: undefined,
      };
      return group.hotkeys.map((hotkey) => ({
        hotkey,
        models,
        lock: undefined,
        axon: undefined,
        down: undefined,
      }));
    });
  }

  /** Those that listen. */
  get served(): Place[] {
    return this.all.filter(({ axon }) => axon !== undefined);
  }

  /** Models that are open. */
  get running(): Group[] {
    return [...new Set(this.all.flatMap(({ models }) => models.opened ?? []))];
  }

  /** What went wrong first. */
  get failure(): unknown {
    return this.#failures[0];
  }

  /** @throws ERR_ALREADY_SERVING, unless it is tolerant */
  async lock(): Promise<void> {
    const results = await Promise.allSettled(this.all.map((place) => this.#try(place, () => lock(place))));
    const refused = results.find((result) => result.status === 'rejected');
    if (refused !== undefined) throw refused.reason;
  }

  /** @throws those of `openGroup`, unless it is tolerant */
  async open(openGroup: OpenGroup): Promise<void> {
    this.#openGroup = openGroup;
    await this.#each(async ({ models }) => void (await this.#openOnce(models)));
  }

  /** @throws ERR_PORT_IN_USE, unless it is tolerant */
  async listen(): Promise<void> {
    await this.#each((place) => this.#listen(place));
  }

  /** Tries those once more that are not served. @returns those that are now */
  async again(): Promise<Place[]> {
    const waiting = this.all.filter(({ axon }) => axon === undefined);
    for (const { models } of waiting) if (models.opened === undefined) models.opening = undefined;
    for (const place of waiting) {
      await this.#try(place, async () => {
        await lock(place);
        await this.#listen(place);
        place.down = undefined;
      });
    }
    return waiting.filter(({ axon }) => axon !== undefined);
  }

  async close(): Promise<void> {
    await Promise.all(this.all.map(({ axon }) => axon?.close()));
    await Promise.all(this.running.map((group) => group.close()));
  }

  async release(): Promise<void> {
    await Promise.all(this.all.map(({ lock: held }) => held?.release()));
  }

  async #each(work: (place: Place) => Promise<void>): Promise<void> {
    for (const place of this.all) if (place.down === undefined) await this.#try(place, () => work(place));
  }

  async #listen(place: Place): Promise<void> {
    const { hotkey, models } = place;
    const axon = (await this.#openOnce(models)).axonOf(hotkey);
    await axon.listen({ host: this.#host, port: hotkey.port });
    place.axon = axon;
  }

  async #openOnce(models: Models): Promise<Group> {
    models.opening ??= this.#openGroup(models.group, models.number);
    models.opened = await models.opening;
    return models.opened;
  }

  async #try(place: Place, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      await place.lock?.release();
      place.lock = undefined;
      if (!this.#tolerant) throw error;
      place.down = error instanceof Error ? error.message : String(error);
      this.#failures.push(error);
    }
  }
}

async function lock(place: Place): Promise<void> {
  place.lock = await lockHotkey(place.hotkey.ss58);
}

/** Whether requests would be answered. Where some may be down, the others keep it ready. */
export function readiness(places: Places, tolerant: boolean, draining: boolean) {
  const { all, running, served } = places;
  const reasons: string[] = [];
  if (draining) reasons.push('the miner is stopping');
  const idle = running.filter(({ fleet }) => fleet.live.classifier.stats().ready === 0);
  if (idle.length > 0 && (!tolerant || idle.length === running.length)) {
    reasons.push('no engine process is ready');
  }
  if (served.length < (tolerant ? 1 : all.length)) reasons.push('an axon does not listen');
  return { ready: reasons.length === 0, reasons };
}

export function listening({ hotkey, axon, models }: Place): Omit<ListeningAxon, 'uid' | 'announced'> {
  const { host = '', port = 0 } = axon?.address ?? {};
  return { name: hotkey.name, hotkey: hotkey.ss58, profile: models.plan.profileName, host, port };
}

/** What answers, and for which of those that listen. */
export function statusOf({ plan, info, concurrency }: Group, served: readonly Place[]): GroupStatus {
  return {
    profile: plan.profileName,
    hotkeys: served.filter(({ models }) => models.plan === plan).map(({ hotkey }) => hotkey.name),
    bundle: info.bundle,
    engine: {
      name: info.engine,
      device: info.device,
      precision: info.precision,
      variant: info.variant.name,
      chosen: info.variant.why,
      processes: info.processes,
      threads: info.threads,
      inferMs: info.inferMs,
    },
    answerWithinS: plan.profile.answer_within_s,
    concurrency,
  };
}

export function notServed({ all }: Places): string[] {
  return all.flatMap(({ hotkey, down }) =>
    down === undefined ? [] : [`"${hotkey.name}" is not served, and tried again: ${down}`],
  );
}
