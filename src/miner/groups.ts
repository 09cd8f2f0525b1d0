import {
  type ConfiguredMiner,
  type Loaded,
  listedMiners,
  minersInView,
  plainMiners,
  settingsOfMiner,
} from '../config/index.ts';
import { Sv72Error } from '../errors/index.ts';
import { type PlanOptions, planServe, type ServePlan } from './plan.ts';

/** A hotkey, and where it listens. */
export interface Seat {
  /** Name of the hotkey in the wallet. */
  readonly name: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Port to announce; null: the one listened on. */
  readonly externalPort: number | null;
}

/** Hotkeys that answer with the same models. */
export interface GroupPlan {
  readonly plan: ServePlan;
  readonly seats: readonly Seat[];
}

/** The hotkeys of the settings with the chosen profile, each on the next port. */
export function planOneGroup(options: PlanOptions): GroupPlan {
  return { plan: planServe(options), seats: plainMiners(options.settings).map(seatOf) };
}

/**
 * What a plain `serve` should say of miners that the settings list and that it was not asked for.
 *
 * @param named whether its hotkeys were named
 */
export function unservedWarning(loaded: Pick<Loaded, 'settings' | 'origins'>, named: boolean): string[] {
  if (named || !minersInView(loaded).listed) return [];
  const { miners, wallet, profile } = loaded.settings;
  return [
    `The settings list ${miners.length} miners, which \`serve --all\` serves; this is ${wallet.hotkeys.join(', ')} with the profile ${profile}.`,
  ];
}

/**
 * The miners of the settings, grouped by what they answer with: same profile and same bundle are one group.
 *
 * @throws ERR_NO_MINERS, ERR_SAME_PORT, and those of `planServe`
 */
export function planMiners(options: PlanOptions): readonly [GroupPlan, ...GroupPlan[]] {
  const { settings } = options;
  const groups = new Map<string, { of: ConfiguredMiner; seats: Seat[] }>();
  for (const miner of listedMiners(settings)) {
    const key = `${miner.profile} ${miner.bundle ?? ''}`;
    const group = groups.get(key) ?? { of: miner, seats: [] };
    group.seats.push(seatOf(miner));
    groups.set(key, group);
  }
  const [first, ...others] = [...groups.values()].map(({ of, seats }) => ({
    plan: planServe({ ...options, settings: settingsOfMiner(settings, of) }),
    seats,
  }));
  if (first === undefined) {
    throw new Sv72Error(
      'ERR_NO_MINERS',
      'The settings list no miners, so there is nothing for --all to serve.',
    );
  }
  demandOwnPorts([first, ...others].flatMap(({ seats }) => seats));
  return [first, ...others];
}

function seatOf({ hotkey, port, externalPort }: ConfiguredMiner): Seat {
  return { name: hotkey, port, externalPort };
}

function demandOwnPorts(seats: readonly Seat[]): void {
  const taken = new Map<number, string>();
  for (const { name, port } of seats) {
    const other = taken.get(port);
    if (port !== 0 && other !== undefined) {
      throw new Sv72Error(
        'ERR_SAME_PORT',
        `The miners ${other} and ${name} would both listen on port ${port}.`,
        {
          details: { port },
        },
      );
    }
    taken.set(port, name);
  }
}
