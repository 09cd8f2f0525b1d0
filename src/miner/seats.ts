import type { Passwords } from '../wallet/index.ts';
import type { GroupPlan } from './groups.ts';
import { sameKey, servedHotkeys } from './identity.ts';
import type { MinerGroup, SeatedHotkey } from './places.ts';

export interface SeatOptions {
  /** Name of the wallet. */
  readonly wallet: string;
  readonly passwords?: Passwords;
  /** Whether a hotkey that cannot be found leaves the others to be served. */
  readonly tolerant: boolean;
}

/** Who is to be served, with what. */
export interface Seated {
  readonly groups: readonly [MinerGroup, ...MinerGroup[]];
  /** Why others are not. */
  readonly left: readonly string[];
}

/**
 * Finds the hotkeys of planned miners.
 *
 * @throws those of `servedHotkeys`; where it is tolerant, only when there is none to serve.
 */
export async function seatHotkeys(plans: readonly GroupPlan[], options: SeatOptions): Promise<Seated> {
  const { wallet, passwords, tolerant } = options;
  const found = new Map<string, SeatedHotkey>();
  const failures = new Map<string, unknown>();
  for (const { plan, seats } of plans) {
    for (const { name, port, externalPort } of seats) {
      try {
        const [hotkey] = await servedHotkeys({
          root: plan.walletRoot,
          wallet,
          hotkeys: [name],
          ...(passwords && { passwords }),
        });
        const twin = [...found.values()].find(({ ss58 }) => ss58 === hotkey?.ss58);
        if (twin !== undefined) throw sameKey(twin.name, name, twin.ss58);
        if (hotkey !== undefined) found.set(name, { ...hotkey, port, externalPort });
      } catch (error) {
        if (!tolerant) throw error;
        failures.set(name, error);
      }
    }
  }
  const [first, ...others] = plans
    .map(({ plan, seats }) => ({ plan, hotkeys: seats.flatMap(({ name }) => found.get(name) ?? []) }))
    .filter(({ hotkeys }) => hotkeys.length > 0);
  if (first === undefined) throw [...failures.values()][0];
  const left = [...failures].map(
    ([name, error]) => `"${name}" is not served: ${error instanceof Error ? error.message : String(error)}`,
  );
  return { groups: [first, ...others], left };
}
