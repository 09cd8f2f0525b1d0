import { readUid } from '../../chain/index.ts';
import { findLocalMiners } from '../../miner/index.ts';
import { compareAxon, readAnnounced } from '../../presence/index.ts';
import type { Check, Finding } from '../types.ts';

/** Whether validators are told the address at which the miner of this machine listens. */
export const axon: Check = {
  id: 'axon',
  title: 'axon',
  chain: true,
  async run({ chain, netuid, hotkeys, settings }) {
    const connected = await chain();
    const { external_ip, external_port, port } = settings.axon;
    const miners = await findLocalMiners();
    const findings = hotkeys.map(async ({ name, ss58 }, index): Promise<readonly Finding[]> => {
      if (ss58 === undefined) {
        return [
          { status: 'unknown', sentence: `The address of "${name}" is not known without its password.` },
        ];
      }
      const [uid, { axon: announced }] = await Promise.all([
        readUid(connected, netuid, ss58),
        readAnnounced(connected, netuid, ss58),
      ]);
      // Without one there is nothing to announce, and the check of the registration says so.
      if (uid === undefined) {
        return [{ status: 'skipped', sentence: `"${name}" has no UID, so it cannot be announced.` }];
      }
      const own = external_port ?? port;
      return compareAxon({
        name,
        netuid,
        uid,
        announced,
        wanted: { ip: external_ip ?? undefined, port: own === 0 ? undefined : own + index },
        mapped: external_port !== null,
        listening: miners.find(({ hotkey }) => hotkey === ss58),
      });
    });
    return (await Promise.all(findings)).flat();
  },
};
