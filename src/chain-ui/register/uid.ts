import { type Chain, readUid } from '../../chain/index.ts';
import { Sv72Error } from '../../errors/index.ts';

/** UID of a hotkey. @throws ERR_NOT_REGISTERED */
export async function registeredUid(chain: Chain, netuid: number, hotkey: string): Promise<number> {
  const uid = await readUid(chain, netuid, hotkey);
  if (uid !== undefined) return uid;
  throw new Sv72Error('ERR_NOT_REGISTERED', `The hotkey ${hotkey} has no UID on subnet ${netuid}.`, {
    details: { hotkey, netuid },
  });
}
