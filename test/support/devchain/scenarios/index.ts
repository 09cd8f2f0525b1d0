import { TAO, type World } from '../world/index.ts';
import { addSubnet72, baseWorld, fundPools } from './base.ts';

const FULL = { size: 256, immune: 30, votes: 'miners' } as const;

interface Scenario {
  /** One line for people who choose. */
  readonly about: string;
  build(world: World): void;
  /** What it was like until so many blocks before it starts; without it nobody knows of older blocks. */
  readonly before?: { readonly blocks: number; readonly scenario: string };
}

/** Half a year of blocks of 12 s. */
const HALTED_FOR = 1_300_000;

const PRICE = (8n * TAO) / 100n;

/** What subnet 72 is like when a chain starts. */
const SCENARIOS: Readonly<Record<string, Scenario>> = {
  paying: {
    about: '256 UIDs taken, four validators, miners that earn; a registration pushes one out.',
    build: (world) => void addSubnet72(world, FULL, { burn: PRICE }),
  },
  halted: {
    about: 'As the real one since May 2026: full, all weights on the owner, whose incentive is withheld.',
    build: (world) => void addSubnet72(world, { ...FULL, votes: 'owner' }, { burn: TAO / 200n }),
    before: { blocks: HALTED_FOR, scenario: 'paying' },
  },
  empty: {
    about: 'Free slots: 40 UIDs taken, at the lowest price.',
    build: (world) => void addSubnet72(world, { size: 40, immune: 30, votes: 'miners' }),
  },
  collateral: {
    about: 'A fifth of the price is locked instead of burned (with --variant newer).',
    build: (world) => void addSubnet72(world, FULL, { burn: PRICE, params: { collateralLockShare: 13_107 } }),
  },
  pow: {
    about: 'Registration by proof of work is allowed, at a difficulty of a moment (with --variant newer).',
    build: (world) =>
      void addSubnet72(world, FULL, {
        burn: PRICE,
        params: { networkPowRegistrationAllowed: true, minDifficulty: 100_000n },
      }),
  },
  closed: {
    about: 'Registration is switched off.',
    build: (world) => void addSubnet72(world, FULL, { params: { networkRegistrationAllowed: false } }),
  },
};

export const scenarioNames: readonly string[] = Object.keys(SCENARIOS);

/** What a scenario is, in a line; '' for a name that is none. */
export function aboutScenario(name: string): string {
  return SCENARIOS[name]?.about ?? '';
}

/** The world of a scenario; `default` is `paying`. @throws RangeError for a name that is none */
export function createScenario(name: string, now: number): World {
  const scenario = SCENARIOS[name === 'default' ? 'paying' : name];
  if (scenario === undefined)
    throw new RangeError(`No scenario ${name}; there are ${scenarioNames.join(', ')}.`);
  const world = baseWorld(now);
  scenario.build(world);
  fundPools(world);
  return world;
}

/**
 * What a scenario's world was like after a block before its first one; undefined where the scenario has no past.
 * @param start number of the block with which the scenario begins
 */
export function pastOf(name: string, start: number, now: number): ((number: number) => World) | undefined {
  const before = SCENARIOS[name]?.before;
  if (before === undefined) return undefined;
  const worlds = new Map<string, World>();
  return (number) => {
    const scenario = number < start - before.blocks ? before.scenario : name;
    const world = worlds.get(scenario) ?? createScenario(scenario, now);
    worlds.set(scenario, world);
    return world;
  };
}

export { FUNDED, keyOf, OWNER, strangerKey, VALIDATORS } from './people.ts';
