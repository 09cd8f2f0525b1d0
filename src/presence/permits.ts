import { formatTao, type Rao, rao } from '../amount/index.ts';
import type { Member } from './view.ts';

/** Which hotkeys of the subnet may ask. */
export interface PermitRules {
  readonly requirePermit: boolean;
  readonly minStake: Rao;
  /** Oldest list that is still believed, ms. */
  readonly maxAgeMs: number;
}

/** The verdict on a hotkey that asks. Stake is in rao. */
export type PermitVerdict =
  | { readonly allow: true; readonly stake: bigint; readonly listed: true }
  | { readonly allow: false; readonly reason: string };

/** The subnet's members as those who ask; a look-up in memory, made for every request. */
export interface Permits {
  verdict(hotkey: string): PermitVerdict;
  /** Stake of a member, whether it may ask or not; undefined for others. */
  stakeOf(hotkey: string): bigint | undefined;
  /** How many may ask. */
  readonly count: number;
  replace(members: readonly Member[], readAt: number): void;
}

export function createPermits(rules: PermitRules, now: () => number = Date.now): Permits {
  let byHotkey: ReadonlyMap<string, Member> = new Map();
  let readAt = Number.NEGATIVE_INFINITY;
  const refusal = (member: Member | undefined): string | undefined => {
    if (member === undefined) return 'Hotkey is not registered on the subnet';
    if (rules.requirePermit && !member.permit) return 'Hotkey has no validator permit';
    if (member.stake < rules.minStake) return `Stake is below ${formatTao(rules.minStake)}`;
    return undefined;
  };
  return {
    verdict(hotkey) {
      if (now() - readAt > rules.maxAgeMs)
        return { allow: false, reason: 'The list of validators is too old to be believed' };
      const member = byHotkey.get(hotkey);
      const reason = refusal(member);
      return reason === undefined && member !== undefined
        ? { allow: true, stake: member.stake, listed: true }
        : { allow: false, reason: reason ?? '' };
    },
    stakeOf: (hotkey) => byHotkey.get(hotkey)?.stake,
    get count() {
      return [...byHotkey.values()].filter((member) => refusal(member) === undefined).length;
    },
    replace(members, at) {
      byHotkey = new Map(members.map((member) => [member.hotkey, member]));
      readAt = at;
    },
  };
}

/** TAO of the settings as an amount. */
export function stakeOfSetting(tao: number): Rao {
  return rao(BigInt(Math.round(tao * 1e9)));
}
