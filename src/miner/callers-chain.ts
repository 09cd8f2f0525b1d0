import type { Presence } from '../presence/index.ts';
import type { Callers } from './callers.ts';

/**
 * Callers on a chain: whoever the others allow, and the subnet's validators when they are to be answered. The chain's stake goes
 * before what a file says of a hotkey, since it decides who is answered first when more is asked than can be answered.
 *
 * @param others the callers of a file, or anyone; undefined: validators only
 */
export function callersOfChain(
  presence: Pick<Presence, 'verdict' | 'stakeOf' | 'status' | 'refresh'>,
  others: Callers | undefined,
  validators: boolean,
): Callers {
  return {
    policy(hotkey) {
      const theirs = others?.policy(hotkey);
      if (theirs?.allow) {
        const stake = presence.stakeOf(hotkey);
        const listed = theirs.listed === true || (stake !== undefined && presence.verdict(hotkey).allow);
        return { allow: true, stake: stake ?? theirs.stake, ...(listed && { listed }) };
      }
      if (validators) return presence.verdict(hotkey);
      return theirs ?? { allow: false, reason: 'Nobody may ask' };
    },
    isKnown: (hotkey) => others?.isKnown(hotkey) === true || presence.verdict(hotkey).allow,
    describe() {
      const { list, validators: count } = presence.status();
      const from =
        list === undefined ? '' : ` (block ${list.block}${list.kept ? ', kept from earlier' : ''})`;
      const parts = [
        ...(others === undefined ? [] : [others.describe()]),
        ...(validators ? [`${count} of the subnet${from}`] : []),
      ];
      return parts.join(', and ');
    },
    get badLines() {
      return others?.badLines ?? [];
    },
    reload() {
      others?.reload();
      void presence.refresh();
    },
    close: () => others?.close(),
  };
}
