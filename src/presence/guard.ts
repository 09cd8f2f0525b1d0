import { type Announcement, announcementBytes } from './announcement.ts';

/** Bytes of pallet and call index. */
const INDEXES = 2;
/** Era, nonce, tip and mode of the metadata hash take 5 to 12 bytes; versions and two hashes, which are only signed, 73 to 80. */
const REST = { least: 73, most: 96 };

/**
 * Why a payload is not what a hotkey signs to make this announcement; undefined when it is. The process that talks to the chain
 * composes it, so that this one need not know the runtime; what can be told from the bytes alone is that they are a call with
 * exactly these arguments, for this chain, and nothing more.
 */
export function payloadProblem(
  payload: Uint8Array,
  wanted: { readonly announcement: Announcement; readonly netuid: number; readonly genesisHash: string },
): string | undefined {
  const args = announcementBytes(wanted.announcement, wanted.netuid);
  const rest = payload.subarray(INDEXES + args.length);
  if (!Buffer.from(args).equals(payload.subarray(INDEXES, INDEXES + args.length)))
    return 'its arguments are not those of the announcement';
  if (rest.length < REST.least || rest.length > REST.most)
    return 'its length is not that of the announcement';
  const genesis = Buffer.from(wanted.genesisHash.slice(2), 'hex');
  if (genesis.length !== 32 || !Buffer.from(rest).includes(genesis)) return 'it is for another chain';
  return undefined;
}
