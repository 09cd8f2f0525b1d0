import { TAO, type World } from '../world/index.ts';
import { addSubnet72, baseWorld, fundPools } from './base.ts';

const FULL = { size: 256, immune: 30, votes: 'miners' } as const;

/** What subnet 72 is like when a chain starts. */
const SCENARIOS: Readonly<Record<string, (world: World) => void>> = {
  /** 256 UIDs taken, four validators, miners that earn; a registration pushes one out. */
  paying: (world) => void addSubnet72(world, FULL, { burn: (8n * TAO) / 100n }),
  /** As the real one since May 2026: full, all weights on the owner, whose incentive is withheld. */
  halted: (world) => void addSubnet72(world, { ...FULL, votes: 'owner' }, { burn: TAO / 200n }),
  /** Free slots: 40 UIDs taken. */
  empty: (world) => void addSubnet72(world, { size: 40, immune: 30, votes: 'miners' }),
  /** A fifth of the price is locked instead of burned, where the runtime knows collateral (variant newer). */
  collateral: (world) =>
    void addSubnet72(world, FULL, { burn: (8n * TAO) / 100n, params: { collateralLockShare: 13_107 } }),
  /** Registration by proof of work is allowed, at a difficulty of seconds (variant newer). */
  pow: (world) =>
    void addSubnet72(world, FULL, {
      burn: (8n * TAO) / 100n,
      params: { networkPowRegistrationAllowed: true, minDifficulty: 100_000n },
    }),
  /** Registration is switched off. */
  closed: (world) => void addSubnet72(world, FULL, { params: { networkRegistrationAllowed: false } }),
};

export const scenarioNames: readonly string[] = Object.keys(SCENARIOS);

/** The world of a scenario; `default` is `paying`. @throws RangeError for a name that is none */
export function createScenario(name: string, now: number): World {
  const build = SCENARIOS[name === 'default' ? 'paying' : name];
  if (build === undefined)
    throw new RangeError(`No scenario ${name}; there are ${scenarioNames.join(', ')}.`);
  const world = baseWorld(now);
  build(world);
  fundPools(world);
  return world;
}

export { FUNDED, keyOf, OWNER, strangerKey, VALIDATORS } from './people.ts';
