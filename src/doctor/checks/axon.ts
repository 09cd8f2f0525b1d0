import { readUid } from '../../chain/index.ts';
import { announcedPort } from '../../config/index.ts';
import { findLocalMiners } from '../../miner/index.ts';
import { compareAxon, readAnnounced } from '../../presence/index.ts';
import type { Check, Finding } from '../types.ts';

/** Whether validators are told the address at which the miner of this machine listens. */
export const axon: Check = {
  id: 'axon',
  title: 'axon',
  chain: true,
  async run({ chain, netuid, miners, settings }) {
    const connected = await chain();
    const running = await findLocalMiners();
    const findings = miners.map(async (miner): Promise<readonly Finding[]> => {
      const { name, ss58, listed } = miner;
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
      return compareAxon({
        ...{ name, netuid, uid, announced, listed },
        wanted: { ip: settings.axon.external_ip ?? undefined, port: announcedPort(miner) },
        mapped: miner.externalPort !== null,
        listening: running.find(({ hotkey }) => hotkey === ss58),
      });
    });
    const found = await Promise.all(findings);
    return found.flatMap((some, index) => {
      const name = miners[index]?.name;
      return some.map((finding) => ({ ...finding, ...(name !== undefined && { miners: [name] }) }));
    });
  },
};
