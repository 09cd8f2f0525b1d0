import { Sv72Error } from '../../errors/index.ts';
import type { Check, Finding } from '../types.ts';

/** Whether each hotkey has a UID on the subnet, and really is the key behind it. */
export const registration: Check = {
  id: 'registration',
  title: 'registration',
  chain: true,
  async run({ chain, netuid, miners, settings }) {
    const connected = await chain();
    if ((await connected.storage('SubtensorModule', 'NetworksAdded', netuid)) !== true) {
      return {
        status: 'failed',
        sentence: `There is no subnet ${netuid} on this chain.`,
        fix: 'sv72 config set netuid 72',
      };
    }
    return await Promise.all(
      miners.map(async ({ name, ss58 }): Promise<Finding> => {
        const about = { miners: [name] };
        if (ss58 === undefined)
          return {
            ...about,
            status: 'unknown',
            sentence: `The address of "${name}" is not known without its password.`,
            fix: `sv72 wallet check --wallet-name ${settings.wallet.name} --unlock --fix`,
          };
        const uid = await connected.storage('SubtensorModule', 'Uids', netuid, ss58);
        if (uid === undefined) {
          return {
            ...about,
            status: 'failed',
            sentence: `"${name}" (${ss58}) has no UID on subnet ${netuid}.`,
            fix: `sv72 register --wallet-name ${settings.wallet.name} --hotkey ${name} --netuid ${netuid}`,
          };
        }
        if (typeof uid !== 'number')
          throw new Sv72Error('ERR_BUG', `The chain gave a UID that is no number for ${ss58}.`);
        const behind = await connected.storage('SubtensorModule', 'Keys', netuid, uid);
        return behind === ss58
          ? { ...about, status: 'ok', sentence: `"${name}" is UID ${uid} on subnet ${netuid}.` }
          : {
              ...about,
              status: 'failed',
              sentence: `UID ${uid}, which the chain names for "${name}", belongs to another key now.`,
              fix: `sv72 status --hotkey ${name}`,
            };
      }),
    );
  },
};
